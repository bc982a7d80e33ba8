import { z } from 'zod';
import { comparisonReport, comparisonTable, contrastTable } from '../../src/report/comparison';
import { comparisonSchema } from '../../src/store/comparison';
import { askPython } from '../python';
import { aComparison, aContrast, aRow, aScore } from './a-comparison';

const one = aRow('one network', [aScore(0), aScore(1, { testErrorPct: 5 })]);
const two = aRow('two, "three"', [aScore(0, { members: 2, outputCorrelation: 0.98 })]);
const whole = aComparison({
  baseline: 'one network',
  rows: [one, two],
  contrasts: [aContrast('two, "three"'), aContrast('two, "three"', { measure: 'testErrorPct', p: null, holmP: null })],
});

/** The cells of a row of a Markdown table, by the head's names. */
function markdownRow(report: string, title: string): Record<string, string> {
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const lines = report.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${title} |`));
  const head = cells(lines.slice(0, at).findLast((_, k) => lines[k + 1].startsWith('| ---')) ?? '');
  return Object.fromEntries(cells(lines[at]).map((cell, k) => [head[k], cell]));
}

describe('the table of a comparison', () => {
  it('has means and standard errors over seeds, and a dash where nothing was measured', () => {
    const report = comparisonReport(whole, 'markdown');
    expect(markdownRow(report, 'one network')).toEqual({
      method: 'one network',
      seeds: '2',
      members: '1',
      'budget (steps)': '1,500',
      'test error %': '4.00 ± 1.00',
      'test loss': '0.1000 ± 0.0000',
      'calib. loss': '0.0900 ± 0.0000',
      'ECE %': '1.00 ± 0.00',
      'output corr.': '-',
      time: '12 s',
    });
  });

  it('leaves out what no row has', () => {
    const { head } = comparisonTable([one]);
    expect(head).not.toContain('output corr.');
    expect(head).not.toContain('test RMSE');
    expect(comparisonTable([two]).head).toContain('output corr.');
  });

  it('shows how many runs failed, and why below', () => {
    const failures = [{ seed: 3, message: 'the loss became NaN' }];
    const report = comparisonReport(aComparison({ rows: [aRow('fge', [aScore(0)], { failures })] }), 'terminal');
    expect(report).toContain('1 (1 failed)');
    expect(report).toContain('fge (seed 3) failed: the loss became NaN');
  });

  it('says how many independent networks are as good, and when that is only a bound', () => {
    const row = (relation: 'equal' | 'fewer' | 'more', networks: number) =>
      aRow('x', [aScore(0)], { deepEnsembleEquivalent: { relation, networks } });
    const cell = (...worth: Parameters<typeof row>) => comparisonTable([row(...worth)]).rows[0].at(-2);
    expect(comparisonReport(aComparison({ rows: [row('equal', 2)] }), 'terminal')).toContain('independent networks');
    expect(comparisonReport(aComparison({ rows: [one] }), 'terminal')).not.toContain('independent networks');
    expect([cell('equal', 2.34), cell('fewer', 1), cell('more', 6)]).toEqual(['2.3', '<1.0', '>6.0']);
  });

  it('says so when budgets differ by more than 1 %, and not when they do not', () => {
    const budgets = (...steps: number[]) =>
      comparisonReport(
        aComparison({ rows: steps.map((n, k) => aRow(`row ${k}`, [aScore(0, { steps: n })])) }),
        'terminal',
      );
    expect(budgets(1500, 1054)).toContain('The budgets differ: from 1,054 to 1,500 steps.');
    expect(budgets(1500, 1515)).not.toContain('budgets differ');
    expect(budgets(1500, 1516)).toContain('budgets differ');
  });
});

describe('the contrasts of a comparison', () => {
  it('have signs, intervals, p values where there are some, and are explained', () => {
    const { head, rows } = contrastTable(whole);
    const numbers = ['-0.0200', '[-0.0300, -0.0100]', '7', '0.0020', '0.0040', '[-0.0400, +0.0100]'];
    expect(rows[0]).toEqual(['two, "three"', 'test loss', ...numbers]);
    expect(rows[1].slice(5, 7)).toEqual(['-', '-']);
    const report = comparisonReport(whole, 'terminal');
    expect(head[0]).toBe('less one network');
    expect(report).toContain('adjusted by Holm');
  });

  it('say from how many seeds on there are p values, where there are none', () => {
    const contrasts = [aContrast('two, "three"', { p: null, holmP: null, bootstrap: null })];
    const report = comparisonReport({ ...whole, contrasts }, 'terminal');
    expect(report).toContain('p values are given from 6 seeds on');
    expect(report).not.toContain('Bootstrap');
  });
});

describe('a comparison as data', () => {
  it('is CSV with a line a row, which Python reads, numbers in full', () => {
    const program = 'import csv, io\nanswer = list(csv.DictReader(io.StringIO(given)))';
    const rows = z.array(z.record(z.string(), z.string())).parse(askPython(program, comparisonReport(whole, 'csv')));
    expect(rows.map(({ title }) => title)).toEqual(['one network', 'two, "three"']);
    expect(rows[0]).toMatchObject({ seeds: '2', testErrorPct: '4', testErrorPctSE: '1', testLossDifference: '' });
    expect(rows[1]).toMatchObject({
      testErrorPctSE: '',
      testLossDifference: '-0.02',
      testLossDifferenceHigh: '-0.01',
      testLossDifferenceHolmP: '0.004',
      testErrorPctDifferenceP: '',
      testErrorPctDifferenceBootstrapHigh: '0.01',
    });
  });

  it('is JSON of its schema, unchanged', () => {
    expect(comparisonSchema.parse(JSON.parse(comparisonReport(whole, 'json')))).toEqual(whole);
  });
});
