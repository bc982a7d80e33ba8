import { claimsOf, rowsOf } from '../../src/paper/table1';
import type { Result } from '../../src/store/result';
import { anEnsemble, aResult } from '../store/a-result';

/** Errors of a seed by ensemble; the loss is a hundredth of it. */
function results(seed: number, errors: Readonly<Record<string, number>>): Result[] {
  const named = (name: string, members = ['tier0']) =>
    anEnsemble({ name, members, testErrorPct: errors[name], testLoss: errors[name] / 100 });
  const ensembles = ['tier-0', 'tier-1', 'tier-1-tune', 'tier-0-1', 'tier-0-1-2']
    .filter((name) => name in errors)
    .map((name) => named(name));
  return [
    aResult({ method: 'single', seed, ensembles: [named('single')], result: 'single' }),
    aResult({ method: 'dsp-tt', seed, ensembles, result: 'tier-0-1' }),
  ];
}

const LIKE_THE_PAPER = {
  single: 6,
  'tier-0': 7,
  'tier-1': 4.7,
  'tier-1-tune': 4.6,
  'tier-0-1': 4.4,
  'tier-0-1-2': 4.3,
};

describe('rowsOf', () => {
  it("collects each ensemble's error and loss, an entry a seed, beside the paper's row", () => {
    const rows = rowsOf([...results(0, LIKE_THE_PAPER), ...results(1, { ...LIKE_THE_PAPER, 'tier-1': 5.7 })]);
    expect(rows.map(({ name }) => name)).toEqual(['Baseline', 'Tier-1', 'Tier-1-tune', 'Tier-0-1', 'Tier-0-1-2']);
    expect(rows[0].errorPct).toEqual([6, 6]);
    expect(rows[1]).toMatchObject({
      errorPct: [4.7, 5.7],
      loss: [0.047, 0.057],
      paper: { errorPct: { cifar10: 4.65 } },
    });
  });

  it('counts an ensemble that a run lacks, or that has no members, as not measured', () => {
    const { 'tier-0-1-2': _, ...without } = LIKE_THE_PAPER;
    expect(rowsOf(results(0, without))[4].errorPct).toEqual([null]);
    const empty = results(0, LIKE_THE_PAPER).map((result) => ({
      ...result,
      ensembles: result.ensembles.map((ensemble) => ({
        ...ensemble,
        members: ensemble.name === 'single' ? ['tier0'] : [],
      })),
    }));
    expect(rowsOf(empty)[3].loss).toEqual([null]);
  });
});

describe('what table 1 is said to show', () => {
  const holds = (over: object) =>
    claimsOf(rowsOf(results(0, { ...LIKE_THE_PAPER, ...over }))).map((claim) => claim.holds);

  it("holds on the paper's order", () => {
    expect(holds({})).toEqual([true, true, true, true]);
  });

  it('fails claim by claim where an ensemble is worse than it should be', () => {
    expect(holds({ 'tier-1-tune': 6.1 })).toEqual([false, true, true, false]);
    expect(holds({ 'tier-0-1': 4.8 })).toEqual([true, false, true, true]);
    expect(holds({ 'tier-0-1-2': 4.5 })).toEqual([true, true, false, true]);
  });

  it('holds nowhere that nothing was measured', () => {
    expect(claimsOf(rowsOf([])).map((claim) => claim.holds)).toEqual([false, false, false, false]);
  });
});
