import { paperCsv, paperTable } from '../../src/report/paper-table';
import { aTable } from '../paper/a-table';

const DSP = 'resnet/dsp-tt';

/** The cells of a row, by head; the differences under the head before them. */
function cellsOf(table: Parameters<typeof paperTable>[0], label: string): Record<string, string> {
  const { head, rows } = paperTable(table);
  const row = rows.find((cells) => cells[1] === label) ?? [];
  const named = head.map((name, k) => (name === 'less paper' ? `${head[k - 1]} less paper` : name));
  return Object.fromEntries(named.map((name, k) => [name, row[k]]));
}

describe('paperTable', () => {
  it('shows the paper, ours with its standard error, and the difference', () => {
    const seeds = [4.4, 4.8].map((testErrorPct) => ({ testErrorPct, outputCorrelation: 0.9 }));
    expect(cellsOf(aTable('table3', { [DSP]: seeds }), 'DSP-TT-0-1')).toMatchObject({
      'error %: paper': '4.53',
      'error %: ours': '4.60 ± 0.20',
      'error %: ours less paper': '+0.07',
      'output corr.: ours': '0.900 ± 0.000',
      'output corr.: ours less paper': '+0.002',
      'param. dist.: ours less paper': '0.00',
      seeds: '2',
    });
  });

  it('names the source of a peer, its spread, and its budgets where it spent more than one', () => {
    const table = aTable('table3');
    const peer = { epochs: 200, models: 1, testErrorPct: 4.44 };
    const peers = [
      { ...peer, source: 'swa', budgets: 1, spread: 0.11 },
      { ...peer, source: 'fge', budgets: 3, spread: null },
    ];
    const rows = table.rows.map((row) => (row.label === 'SWA' ? { ...row, peers } : row));
    expect(cellsOf({ ...table, rows }, 'SWA').peers).toBe('4.44 ± 0.11 (swa); 4.44 (fge, 3 budgets)');
  });

  it('says how many runs failed, and leaves cells empty where nothing was measured', () => {
    const table = aTable('table3', { [DSP]: [] });
    const rows = table.rows.map((row) =>
      row.name === DSP ? { ...row, failures: [{ seed: 0, message: 'NaN' }] } : row,
    );
    expect(cellsOf({ ...table, rows }, 'DSP-TT-0-1')).toMatchObject({
      seeds: '0 (1 failed)',
      'error %: paper': '4.53',
      'error %: ours': '-',
      'error %: ours less paper': '-',
    });
  });

  it('shows barriers only where they were measured', () => {
    expect(paperTable(aTable('table3')).head).not.toContain('barrier');
    const measured = aTable('table3', { [DSP]: [{ barrier: 0.25, lowestBarrier: 0.125 }] });
    expect(cellsOf(measured, 'DSP-TT-0-1')).toMatchObject({ barrier: '0.2500', 'lowest barrier': '0.1250' });
  });

  it('has every row of the table as CSV, with as many cells as its head', () => {
    const [head, ...rows] = paperCsv(aTable('table4')).trimEnd().split('\n');
    expect(rows).toHaveLength(6);
    expect(rows[0]).toContain('"table 4, row Tier-0"');
    for (const row of rows) expect(row.replaceAll(/"[^"]*"/g, '').split(',')).toHaveLength(head.split(',').length);
  });
});
