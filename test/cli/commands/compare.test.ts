import { type Comparison, comparisonSchema } from '../../../src/store/comparison';
import { FAST_SEARCH_FLAGS } from '../../builders';
import { CommandLine, type Ended } from '../dsptt';

const cli = new CommandLine();
const BUDGET = ['--preset=wine', '--budget=250', ...FAST_SEARCH_FLAGS, '--quiet'];

/** What does not depend on how long anything took. */
function untimed({ rows, ...comparison }: Comparison) {
  const still = rows.map(({ scores, means, ...row }) => ({
    ...row,
    means: { ...means, seconds: null },
    scores: scores.map((score) => ({ ...score, values: { ...score.values, seconds: null } })),
  }));
  return { ...comparison, rows: still };
}

const read = (file: string) => comparisonSchema.parse(JSON.parse(cli.read(file)));

describe('dsptt compare', () => {
  let ended: Ended;
  beforeAll(async () => {
    // A rate at which SSE's training overflows at once, and nothing else is touched
    const methods = '--methods=single,dsp-tt,snapshot';
    ended = await cli.run(['compare', ...BUDGET, methods, '--seeds=0-1', '--set=snapshot.lr=1e12', '--out=runs/cmp']);
  });

  it('ends with 1 where a run has diverged, and says which', () => {
    expect(ended.code).toBe(1);
    const failed = [0, 1].map((seed) => `snapshot \\(seed ${seed}\\) failed: the training diverged .*\n`);
    expect(ended.stderr).toMatch(new RegExp(`^(dsp-tt \\(seed .*\n)*${failed.join('')}$`));
    expect(ended.stdout).toMatch(/snapshot \(SSE\) +│ 0 \(2 failed\)/);
  });

  it('compares the others: a row a method, contrasts paired by seed, a bootstrap of the outputs kept', () => {
    const { rows, contrasts, baseline } = read('runs/cmp/comparison.json');
    expect(rows.map(({ name, scores }) => [name, scores.length])).toEqual([
      ['single', 2],
      ['dsp-tt tier-0-1', 2],
      ['snapshot', 0],
    ]);
    expect(baseline).toBe('single');
    expect(contrasts.map(({ row, measure, n }) => [row, measure, n])).toEqual([
      ['dsp-tt tier-0-1', 'testErrorPct', 2],
      ['dsp-tt tier-0-1', 'testLoss', 2],
      ['dsp-tt tier-0-1', 'calibratedTestLoss', 2],
    ]);
    expect(contrasts.map(({ bootstrap }) => bootstrap === null)).toEqual([false, false, true]);
  });

  it('keeps the comparison as CSV, Markdown and JSON beside the runs', () => {
    expect(ended.stdout).toContain('Files: runs/cmp');
    expect(cli.read('runs/cmp/comparison.csv')).toMatch(/^name,method,ensemble,title,seeds,failed,/);
    expect(cli.read('runs/cmp/comparison.md')).toContain('| DSP-TT tier-0-1 | 2 |');
    for (const run of ['single-0', 'single-1', 'dsp-tt-0', 'dsp-tt-1']) {
      expect(cli.has(`runs/cmp/${run}/result.json`)).toBe(true);
    }
    expect(cli.has('runs/cmp/snapshot-0')).toBe(false);
  });

  it('finds the same with two runs at a time, and tells of each a line a phase', async () => {
    const methods = ['--methods=single,dsp-tt,snapshot', '--seeds=0-1', '--set=snapshot.lr=1e12'];
    const loud = BUDGET.filter((flag) => flag !== '--quiet');
    const two = await cli.run(['compare', ...loud, ...methods, '--at-once=2', '--out=runs/two']);
    expect(two.code).toBe(1);
    expect(two.stderr).toMatch(/^dsp-tt \(seed 1\): search of tier 1/m);
    expect(two.stderr).toMatch(/snapshot \(seed 0\) failed: .*\nsnapshot \(seed 1\) failed: .*\n$/);
    const [one, same] = [read('runs/cmp/comparison.json'), read('runs/two/comparison.json')].map(untimed);
    const valuesOf = ({ rows }: typeof one) =>
      rows.map(({ scores }) => scores.map(({ seed, values }) => [seed, values]));
    expect(valuesOf(same)).toEqual(valuesOf(one));
    expect(same.contrasts).toEqual(one.contrasts);
    expect(JSON.parse(cli.read('runs/two/single-0/config.json'))).toMatchObject({ threads: 1 });
  });

  it('says the same of the finished runs, without running anything', async () => {
    const [json, csv, chosen] = await cli.runInOneProcess([
      ['compare', '--runs=runs/cmp', '--methods=single,dsp-tt', '--json'],
      ['compare', '--runs=runs/cmp', '--format=csv', '--methods=single', '--seeds=1'],
      [
        'compare',
        '--runs=runs/cmp',
        '--ensembles=tier-0-1,tier-1',
        '--baseline=dsp-tt',
        '--out=runs/again',
        '--format=markdown',
      ],
    ]);
    const before = read('runs/cmp/comparison.json');
    const { results, ...printed } = JSON.parse(json.stdout);
    const again = comparisonSchema.parse(printed);
    expect(results).toContainEqual(JSON.parse(cli.read('runs/cmp/single-0/result.json')));
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(untimed(again)).toEqual({ ...untimed(before), rows: untimed(before).rows.slice(0, 2) });
    expect(csv.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(read('runs/again/comparison.json').rows.map(({ name }) => name)).toEqual([
      'dsp-tt tier-0-1',
      'dsp-tt tier-1',
      'single',
    ]);
    expect(chosen.stdout).toBe(cli.read('runs/again/comparison.md'));
  });
});

it('a comparison leaves no worker and no sockets', () => {
  expect(cli.left.workers).toEqual([]);
});

it.each([
  [
    ['--at-once=2', '--worker=tcp://127.0.0.1:9', '--keys=keys'],
    /^UsageError: a worker on another machine does one run/,
  ],
  [['--at-once=0'], /argument '0' is invalid. must be a whole number of 1 or more/],
  [['--at-once=two'], /argument 'two' is invalid. must be a whole number of 1 or more/],
])('refuses %j', async (flags, message) => {
  const ended = await cli.run(['compare', ...BUDGET, '--methods=single', ...flags, '--out=runs/refused']);
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  expect(cli.has('runs/refused')).toBe(false);
});
