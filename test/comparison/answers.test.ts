import { compareAnswers } from '../../src/comparison/answers';
import { independentDisagreement } from '../../src/ensemble/function-space';
import type { Result } from '../../src/store/result';
import { aMember, anEnsemble, aResult } from '../store/a-result';

const NAMES = ['net1', 'net2', 'net3'];

/** A finished run of three networks: their errors, and how often the others answer otherwise than the first, in percent. */
function aRun(method: string, seed: number, errors: readonly (number | null)[], toFirst: readonly number[]) {
  const members = NAMES.map((name, k) => aMember({ name, testErrorPct: errors[k] }));
  const ensembles = [anEnsemble({ name: method, members: NAMES })];
  const disagreementPct = NAMES.map((_, a) => NAMES.map((_, b) => (a === b ? 0 : toFirst[Math.max(a, b)])));
  const other = aResult();
  const pairs: Result['pairs'] = { ...other.pairs, names: NAMES, disagreementPct };
  const result = aResult({ method, seed, members, ensembles, pairs, result: method });
  return { state: 'finished', method, seed, directory: 'nowhere', result } as const;
}

it("the answers of a method are means over its members, then over seeds, beside each run's first member", () => {
  const runs = [aRun('fge', 0, [4, 5, 10], [0, 2, 6]), aRun('fge', 1, [4, 20, 20], [0, 10, 30])];
  const [fge, ...others] = compareAnswers(runs, 10);
  expect(others).toEqual([]);
  expect(fge).toMatchObject({
    ...{ method: 'fge', title: 'FGE' },
    accuracyPct: { mean: expect.closeTo((92.5 + 80) / 2, 9), n: 2 },
    disagreementPct: { mean: expect.closeTo((4 + 20) / 2, 9) },
    normalised: { mean: expect.closeTo((0.5 + 1) / 2, 9) },
  });
  const independent = (accuracy: number) => independentDisagreement(accuracy, 0.96, 10);
  const first = (independent(0.95) + independent(0.9)) / 2;
  expect(fge.independent?.mean).toBeCloseTo((first + independent(0.8)) / 2, 9);
});

it('a method whose networks predict numbers has no row, and a network without an error no normalised value', () => {
  expect(compareAnswers([aRun('fge', 0, [null, null, null], [0, 1, 1])], 1)).toEqual([]);
  const [perfect] = compareAnswers([aRun('fge', 0, [2, 0, 0], [0, 2, 2])], 10);
  expect(perfect).toMatchObject({ accuracyPct: { mean: 100 }, normalised: null, independent: null });
});
