import { z } from 'zod';
import type { RunOutcome } from '../../src/comparison/compare';
import { type ComparisonOptions, comparisonOf } from '../../src/comparison/contrast';
import { deepEnsembleCurve } from '../../src/ensemble/equivalent';
import { DataError, UsageError } from '../../src/errors';
import { type Comparison, type Contrasted, comparisonSchema } from '../../src/store/comparison';
import { KEPT_SPLITS, type KeptSplit, readOutputs } from '../../src/store/outputs';
import { temporaryDirectory } from '../builders';
import { askPython } from '../python';
import { aFailure, aRun, type MadeUp } from './made-up-runs';

const directory = temporaryDirectory();
let roots = 0;

/** Made-up runs, compared. */
async function compared(
  runs: readonly MadeUp[],
  options: ComparisonOptions = {},
  failed: readonly RunOutcome[] = [],
): Promise<Comparison> {
  roots += 1;
  const outcomes: RunOutcome[] = [...failed];
  for (const run of runs) outcomes.push(await aRun(`${directory}/${roots}`, run));
  return comparisonSchema.parse(await comparisonOf(outcomes, options));
}

const single = (seed: number): MadeUp => ({ method: 'single', seed, leans: [1], ensembles: { single: 1 } });
const tiers = (seed: number): MadeUp => ({
  method: 'dsp-tt',
  seed,
  leans: [1, 1.2, 1.4],
  ensembles: { 'tier-0': 1, 'tier-0-1': 3 },
});
const fge = (seed: number): MadeUp => ({ method: 'fge', seed, leans: [1, 1], ensembles: { fge: 2 } });
const seeds = (n: number) => Array.from({ length: n }, (_, k) => k);

function contrast({ contrasts }: Comparison, row: string, measure: Contrasted) {
  const found = contrasts.find((one) => one.row === row && one.measure === measure);
  if (found === undefined) throw new Error(`no contrast of ${row} in ${measure}`);
  return found;
}

/** Scores of a row by seed. */
function scores({ rows }: Comparison, name: string, measure: Contrasted): number[] {
  const row = rows.find((one) => one.name === name);
  return (row?.scores ?? []).map(({ values }) => values[measure] ?? Number.NaN);
}

const ORACLE = `
import numpy as np
from scipy import stats

def contrast(row, base):
    d = np.array(row) - np.array(base)
    low, high = stats.t.interval(0.95, len(d) - 1, loc=d.mean(), scale=stats.sem(d))
    return {"mean": d.mean(), "low": low, "high": high, "p": stats.ttest_rel(row, base).pvalue}

answer = [[contrast(row, one["base"]) for row in one["rows"]] for one in given]
`;
const oracle = z.array(z.array(z.strictObject({ mean: z.number(), low: z.number(), high: z.number(), p: z.number() })));
const MEASURED = ['testErrorPct', 'testLoss', 'calibratedTestLoss'] as const;
const ROWS = ['dsp-tt tier-0-1', 'fge'];

describe('a comparison of three methods over seven seeds', () => {
  let comparison: Comparison;
  let oracles: z.infer<typeof oracle>;
  beforeAll(async () => {
    comparison = await compared(seeds(7).flatMap((seed) => [single(seed), tiers(seed), fge(seed)]));
    const given = MEASURED.map((measure) => ({
      base: scores(comparison, 'single', measure),
      rows: ROWS.map((row) => scores(comparison, row, measure)),
    }));
    oracles = oracle.parse(askPython(ORACLE, given));
  });

  it('has a row a method, its own result, with means and standard errors over seeds', () => {
    expect(comparison.rows.map(({ name, ensemble, scores: all }) => [name, ensemble, all.length])).toEqual([
      ['single', 'single', 7],
      ['dsp-tt tier-0-1', 'tier-0-1', 7],
      ['fge', 'fge', 7],
    ]);
    const losses = scores(comparison, 'fge', 'testLoss');
    const mean = losses.reduce((a, b) => a + b) / 7;
    const deviation = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 6);
    expect(comparison.rows[2].means.testLoss).toEqual({
      mean: expect.closeTo(mean, 12),
      standardError: expect.closeTo(deviation / Math.sqrt(7), 12),
      n: 7,
    });
  });

  it.each(MEASURED)('contrasts each row with the first in %s, paired by seed, as scipy does', (measure) => {
    const expected = oracles[MEASURED.indexOf(measure)];
    for (const [k, row] of ROWS.entries()) {
      const { n, mean, interval, p } = contrast(comparison, row, measure);
      expect(n).toBe(7);
      expect(mean).toBeCloseTo(expected[k].mean, 9);
      expect(interval).toEqual([expect.closeTo(expected[k].low, 5), expect.closeTo(expected[k].high, 5)]);
      expect((p ?? Number.NaN) / expected[k].p).toBeCloseTo(1, 5);
    }
  });

  it.each(MEASURED)('adjusts the p values in %s over the rows', (measure) => {
    const [least, most] = oracles[MEASURED.indexOf(measure)].map(({ p }) => p).sort((a, b) => a - b);
    for (const row of ROWS) {
      const { p, holmP } = contrast(comparison, row, measure);
      const adjusted = Math.abs((p ?? 0) - least) < 1e-6 ? 2 * least : Math.max(2 * least, most);
      expect(holmP).toBeCloseTo(Math.min(1, adjusted), 5);
    }
  });

  it('gives bootstrap intervals over test samples around the mean differences in error and loss', () => {
    for (const measure of ['testErrorPct', 'testLoss'] as const) {
      const { mean, bootstrap } = contrast(comparison, 'dsp-tt tier-0-1', measure);
      const [low, high] = bootstrap ?? [Number.NaN, Number.NaN];
      expect(low).toBeLessThan(mean);
      expect(high).toBeGreaterThan(mean);
    }
    expect(contrast(comparison, 'dsp-tt tier-0-1', 'calibratedTestLoss').bootstrap).toBeNull();
  });

  it('has no contrast in what was not measured', () => {
    expect(comparison.contrasts.filter(({ measure }) => measure === 'testRmse')).toEqual([]);
  });
});

describe('a comparison', () => {
  it('is the same again', async () => {
    const twice = async () => (await compared([single(0), tiers(0), single(1), tiers(1)])).contrasts;
    expect(await twice()).toEqual(await twice());
  });

  it('gives no p value below six seeds, but the interval', async () => {
    const comparison = await compared(seeds(5).flatMap((seed) => [single(seed), tiers(seed)]));
    const got = contrast(comparison, 'dsp-tt tier-0-1', 'testLoss');
    expect(got).toMatchObject({ n: 5, p: null, holmP: null });
    expect(got.interval).not.toBeNull();
  });

  it('pairs only the seeds that both rows have', async () => {
    const comparison = await compared([single(0), tiers(0), single(1), tiers(2)]);
    const got = contrast(comparison, 'dsp-tt tier-0-1', 'testErrorPct');
    const [own, base] = ['dsp-tt tier-0-1', 'single'].map((row) => scores(comparison, row, 'testErrorPct')[0]);
    expect(got).toMatchObject({ n: 1, mean: own - base, interval: null });
  });

  it('bootstraps nothing between two rows that answer alike', async () => {
    const alike = { 'tier-1': 3, 'tier-0-1': 3 };
    const runs = [0, 1].map((seed) => ({ ...tiers(seed), ensembles: alike }));
    const comparison = await compared(runs, { ensembles: ['tier-0-1', 'tier-1'] });
    expect(contrast(comparison, 'dsp-tt tier-1', 'testLoss').bootstrap).toEqual([0, 0]);
  });

  it('has no bootstrap where a run kept no outputs, and everything else', async () => {
    const comparison = await compared([single(0), single(1), tiers(0), { ...tiers(1), outputs: 'none' }]);
    const got = contrast(comparison, 'dsp-tt tier-0-1', 'testLoss');
    expect(got).toMatchObject({ n: 2, bootstrap: null });
    expect(got.interval).not.toBeNull();
  });

  it('contrasts with the baseline named: a method or one of its rows', async () => {
    const runs = [single(0), tiers(0)];
    expect(await compared(runs, { baseline: 'dsp-tt' })).toMatchObject({
      baseline: 'dsp-tt tier-0-1',
      contrasts: [{ row: 'single' }, { row: 'single' }, { row: 'single' }],
    });
    const ensembles = ['tier-0-1', 'tier-0'];
    const byRow = await compared(runs, { baseline: 'dsp-tt tier-0', ensembles });
    expect([...new Set(byRow.contrasts.map(({ row }) => row))]).toEqual(['single', 'dsp-tt tier-0-1']);
    await expect(compared(runs, { baseline: 'fge' })).rejects.toThrow(UsageError);
  });

  it('shows the ensembles named where a method has them, and the others by their own result', async () => {
    const { rows } = await compared([single(0), tiers(0)], { ensembles: ['tier-0-1', 'tier-0', 'other'] });
    expect(rows.map(({ name, title }) => [name, title])).toEqual([
      ['single', 'one network'],
      ['dsp-tt tier-0-1', 'DSP-TT tier-0-1'],
      ['dsp-tt tier-0', 'DSP-TT tier-0'],
    ]);
  });

  it('keeps an ensemble that has no members, without scores to contrast', async () => {
    const none = await aRun(`${directory}/none`, tiers(0));
    const [tier0] = none.result.ensembles;
    const nothing = { testErrorPct: null, testLoss: null, calibratedTestLoss: null, ecePct: null };
    const ensembles = [tier0, { ...none.result.ensembles[1], members: [], ...nothing }];
    const base = await aRun(`${directory}/none`, single(0));
    const comparison = await comparisonOf([base, { ...none, result: { ...none.result, ensembles } }]);
    expect(comparison.rows[1].means).toMatchObject({ members: { mean: 0 }, testLoss: null });
    expect(comparison.contrasts).toEqual([]);
  });

  it('says which runs failed, beside what the others found', async () => {
    const comparison = await compared([single(0), single(1), tiers(0)], {}, [
      aFailure('fge', 0),
      aFailure('dsp-tt', 1),
    ]);
    const rows = comparison.rows.map(({ name, scores: all, failures }) => [
      name,
      all.length,
      failures.map(({ seed }) => seed),
    ]);
    expect(rows).toEqual([
      ['fge', 0, [0]],
      ['dsp-tt tier-0-1', 1, [1]],
      ['single', 2, []],
    ]);
    expect(comparison).toMatchObject({ baseline: null, contrasts: [] });
  });

  it('is refused between runs on different data or different samples', async () => {
    const elsewhere: MadeUp = { ...tiers(0), over: { dataset: 'digits' } };
    await expect(compared([single(0), elsewhere])).rejects.toThrow(DataError);
    await expect(compared([single(0), { ...tiers(0), outputs: 'of other samples' }])).rejects.toThrow(
      'different samples',
    );
  });
});

describe('the deep-ensemble equivalent', () => {
  const independent = (seed: number): MadeUp => ({
    method: 'independent',
    seed,
    leans: [1, 1, 1, 1],
    ensembles: { independent: 4 },
  });

  /** Calibrated losses of 1 to 4 networks of a run. */
  async function curveOf(run: string): Promise<number[]> {
    const [validation, test] = await Promise.all(KEPT_SPLITS.map((split) => predictions(run, split)));
    return deepEnsembleCurve(validation, test);
  }

  async function predictions(run: string, split: KeptSplit) {
    const read = await readOutputs(run, split, ['net1', 'net2', 'net3', 'net4']);
    if (read === null) throw new Error(`${run} has no outputs`);
    return { outputs: [...read.outputs.values()], targets: read.targets };
  }

  it('is read off the mean curve of the independent networks', async () => {
    const root = `${directory}/equivalent`;
    const runs = [await aRun(root, independent(0)), await aRun(root, independent(1))];
    const [first, second] = await Promise.all(runs.map((run) => curveOf(run.directory)));
    const losses = first.map((loss, k) => (loss + second[k]) / 2);
    const worth = async (made: MadeUp, calibratedTestLoss: number) => {
      const run = await aRun(root, made);
      const ensembles = run.result.ensembles.map((ensemble) => ({ ...ensemble, calibratedTestLoss }));
      return { ...run, result: { ...run.result, ensembles } };
    };
    const rivals = [
      await worth(single(0), losses[2]),
      await worth(tiers(0), losses[0] + 1),
      await worth(fge(0), losses[3] - 1),
    ];
    const { rows } = await comparisonOf([...runs, ...rivals]);
    expect(rows.slice(1).map(({ deepEnsembleEquivalent }) => deepEnsembleEquivalent)).toEqual([
      { networks: expect.closeTo(3, 9), relation: 'equal' },
      { networks: 1, relation: 'fewer' },
      { networks: 4, relation: 'more' },
    ]);
  });

  it('is not known without independent networks, or their outputs', async () => {
    const without = await compared([single(0), tiers(0)]);
    expect(without.rows.map(({ deepEnsembleEquivalent }) => deepEnsembleEquivalent)).toEqual([null, null]);
    const unkept = await compared([single(0), { ...independent(0), outputs: 'none' }]);
    expect(unkept.rows[0].deepEnsembleEquivalent).toBeNull();
  });
});
