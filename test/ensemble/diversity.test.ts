import fc from 'fast-check';
import { z } from 'zod';
import { outputCorrelation, parameterDistance } from '../../src/ensemble/diversity';
import { askPython } from '../python';
import { ensembles, madeUp } from './outputs';

const ORACLES = `
import itertools
import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import pearsonr

pairs = list(itertools.combinations(given["outputs"], 2))
answer = {
    "correlation": float(np.mean([pearsonr(a, b).statistic for a, b in pairs])),
    "distance": float(pdist(np.array(given["parameters"])).mean()),
}
`;

const members = [1, 2, 3, 4].map((k) => madeUp(`member ${k}`, 200, 5, k).outputs);
const parameters = [
  [0, 1, 2],
  [3, -1, 4],
  [-2, 2, 2],
  [0, 0, 1],
];
const distances = Float64Array.from(
  parameters.flatMap((a) => parameters.map((b) => Math.hypot(...a.map((value, i) => value - b[i])))),
);

describe('diversity', () => {
  let oracle: { correlation: number; distance: number };
  beforeAll(() => {
    const schema = z.strictObject({ correlation: z.number(), distance: z.number() });
    oracle = schema.parse(askPython(ORACLES, { outputs: members.map((outputs) => [...outputs]), parameters }));
  });

  it('has the output correlation of scipy (pearsonr), averaged over pairs', () => {
    expect(outputCorrelation(members)).toBeCloseTo(oracle.correlation, 9);
  });

  it('has the parameter distance that scipy gives, averaged over pairs', () => {
    expect(parameterDistance(distances, 4, [0, 1, 2, 3])).toBeCloseTo(oracle.distance, 9);
  });

  it('measures distances between the chosen rows only', () => {
    expect(parameterDistance(distances, 4, [1, 3])).toBeCloseTo(Math.hypot(3, -1, 3), 9);
  });

  it('is nothing where there is no pair', () => {
    expect(outputCorrelation(members.slice(0, 1))).toBeNull();
    expect(outputCorrelation([])).toBeNull();
    expect(parameterDistance(distances, 4, [2])).toBeNull();
    expect(parameterDistance(distances, 4, [])).toBeNull();
  });

  it.each([0.5, 0.1, 0.2, 1 / 3, 0.7])('has no correlation where a member always puts out %d', (value) => {
    for (const length of [4, 10, 1000]) {
      const varying = Float64Array.from({ length }, (_, i) => Math.sin(i));
      expect(outputCorrelation([varying, new Float64Array(length).fill(value)])).toBeNull();
      expect(outputCorrelation([varying, new Float32Array(length).fill(value)])).toBeNull();
    }
  });

  it('is 1 for the same outputs, and -1 for opposite ones', () => {
    const [one] = members;
    expect(outputCorrelation([one, one.slice()])).toBeCloseTo(1, 12);
    expect(outputCorrelation([one, one.map((value) => 3 - 2 * value)])).toBeCloseTo(-1, 12);
  });

  it('has a correlation between -1 and 1, the same in any order of the members', () => {
    fc.assert(
      fc.property(ensembles, ({ members: some }) => {
        const got = outputCorrelation(some);
        if (got === null) return;
        expect(Math.abs(got)).toBeLessThanOrEqual(1 + 1e-9);
        expect(outputCorrelation(some.toReversed())).toBeCloseTo(got, 9);
      }),
    );
  });
});
