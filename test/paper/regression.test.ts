import { isGood, judge } from '../../src/paper/regression';
import { TABLES } from '../../src/paper/table-rows';
import { aTable } from './a-table';

const DSP = 'resnet/dsp-tt';
const verdicts = (over: Parameters<typeof aTable>[1], points?: number) =>
  judge([aTable('table3', over)], points)
    .filter(({ verdict }) => verdict !== 'not worse')
    .map(({ row, measure, verdict }) => [row, measure, verdict]);

describe('judge', () => {
  it.each(TABLES)("finds the paper's own numbers of %s as good as the paper's", (table) => {
    const judgements = judge([aTable(table)]);
    expect(judgements.length).toBeGreaterThan(4);
    expect(judgements.filter(({ verdict }) => verdict !== 'not worse')).toEqual([]);
  });

  it('allows 0.3 points of error, and no more', () => {
    expect(verdicts({ [DSP]: [{ testErrorPct: 4.83 }] })).toEqual([]);
    expect(verdicts({ [DSP]: [{ testErrorPct: 4.84 }] })).toEqual([[DSP, 'testErrorPct', 'worse']]);
    expect(verdicts({ [DSP]: [{ testErrorPct: 4.84 }] }, 0.5)).toEqual([]);
  });

  it('allows two standard errors over seeds where that is more', () => {
    const seeds = [4.6, 5.4].map((testErrorPct) => ({ testErrorPct }));
    expect(verdicts({ [DSP]: seeds })).toEqual([]); // 5.0, with a standard error of 0.4
    expect(verdicts({ [DSP]: seeds.map(() => ({ testErrorPct: 5 })) })).toEqual([[DSP, 'testErrorPct', 'worse']]);
  });

  it('never finds anything too good', () => {
    const best = { testErrorPct: 1, outputCorrelation: 0.1, parameterDistance: 100 };
    expect(verdicts({ [DSP]: [best] })).toEqual([]);
  });

  it("judges the diversity of DSP-TT's members, and of no rival's", () => {
    const alike = [{ outputCorrelation: 0.999, parameterDistance: 1 }];
    expect(verdicts({ [DSP]: alike })).toEqual([
      [DSP, 'outputCorrelation', 'worse'],
      [DSP, 'parameterDistance', 'worse'],
    ]);
    expect(verdicts({ 'resnet/snapshot': alike })).toEqual([]);
  });

  it('judges rivals by their errors: a weak rival flatters DSP-TT', () => {
    expect(verdicts({ 'resnet/snapshot': [{ testErrorPct: 6 }] })).toEqual([
      ['resnet/snapshot', 'testErrorPct', 'worse'],
    ]);
  });

  it('lists numbers that the results lack, though the file may not name their row', () => {
    const table = aTable('table3');
    const without = { ...table, rows: table.rows.filter(({ name }) => name !== DSP) };
    const missing = judge([without]).filter(({ verdict }) => verdict === 'not measured');
    expect(missing.map(({ row, measure }) => [row, measure])).toEqual([
      [DSP, 'testErrorPct'],
      [DSP, 'outputCorrelation'],
      [DSP, 'parameterDistance'],
    ]);
    expect(isGood(judge([without]))).toBe(true);
  });

  it('counts a row whose runs all diverged as worse than anything', () => {
    const table = aTable('table3', { [DSP]: [] });
    const rows = table.rows.map((row) =>
      row.name === DSP ? { ...row, failures: [{ seed: 0, message: 'NaN' }] } : row,
    );
    const judgements = judge([{ ...table, rows }]);
    expect(judgements.filter(({ row }) => row === DSP).every(({ verdict }) => verdict === 'diverged')).toBe(true);
    expect(isGood(judgements)).toBe(false);
  });

  it.each([
    [{ scale: 'reduced' as const }, 'at scale reduced'],
    [{ scale: 'smoke' as const }, 'at scale smoke'],
    [{ scale: null, dataset: 'digits' }, 'on digits'],
    [{ dataset: 'cifar10-sample' }, 'on cifar10-sample'],
  ])('refuses %j, which the paper says nothing of', (over, words) => {
    expect(() => judge([aTable('table2', {}, over)])).toThrow(words);
  });

  it("judges a search's memory by how much more it is than training's", () => {
    const memory = (searchPeakBytes: number) =>
      judge([
        {
          schema: 1,
          table: 'memory',
          dataset: 'cifar10',
          scale: 'full',
          network: 'preresnet',
          batchSize: 128,
          parameters: 10,
          paths: 5,
          device: 'cpu',
          counted: 'live tensors',
          dataBytes: 1000,
          trainingPeakBytes: 2000,
          searchPeakBytes,
          pathsBytes: 200,
          claims: [],
        },
      ])[0].verdict;
    expect([memory(2026), memory(2027)]).toEqual(['not worse', 'worse']); // 2.6 % and 2.7 %; the paper: 2.67 %
  });
});
