import fc from 'fast-check';
import { z } from 'zod';
import type { Outputs } from '../../src/ensemble/combine';
import {
  disagreementsPct,
  meanOfPairs,
  outputCorrelations,
  type PairMatrix,
  parameterDistances,
} from '../../src/ensemble/diversity';
import { askPython } from '../python';
import { ensembles, madeUp } from './outputs';

const ORACLES = `
import itertools
import numpy as np
from scipy.spatial.distance import pdist, squareform
from scipy.stats import pearsonr

pairs = list(itertools.combinations(given["outputs"], 2))
answer = {
    "correlation": float(np.mean([pearsonr(a, b).statistic for a, b in pairs])),
    "correlations": np.corrcoef(np.array(given["outputs"])).tolist(),
    "distance": float(pdist(np.array(given["parameters"])).mean()),
    "disagreements": (100 * squareform(pdist(
        np.array(given["outputs"]).reshape(len(given["outputs"]), -1, 5).argmax(2), "hamming"))).tolist(),
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

const matrix = z.array(z.array(z.number()));
const schema = z.strictObject({
  correlation: z.number(),
  correlations: matrix,
  distance: z.number(),
  disagreements: matrix,
});

function expectClose(got: PairMatrix, wanted: readonly (readonly number[])[]) {
  expect(got.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  for (const [a, row] of wanted.entries()) {
    for (const [b, value] of row.entries()) expect(got[a][b]).toBeCloseTo(value, 9);
  }
}

/** Pearson's correlation as a textbook defines it. */
function pearson(a: Outputs, b: Outputs): number {
  const mean = (values: Outputs) => [...values].reduce((sum, value) => sum + value / values.length, 0);
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    ab += (value - meanA) * (b[i] - meanB);
    aa += (value - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

const outputCorrelation = (some: readonly Outputs[]) => meanOfPairs(outputCorrelations(some));
const distanceOf = (chosen: readonly number[]) => meanOfPairs(parameterDistances(distances, 4), chosen);

describe('diversity', () => {
  let oracle: z.infer<typeof schema>;
  beforeAll(() => {
    oracle = schema.parse(askPython(ORACLES, { outputs: members.map((outputs) => [...outputs]), parameters }));
  });

  it('has the output correlation of scipy (pearsonr), averaged over pairs', () => {
    expect(outputCorrelation(members)).toBeCloseTo(oracle.correlation, 9);
  });

  it('has the parameter distance that scipy gives, averaged over pairs', () => {
    expect(distanceOf([0, 1, 2, 3])).toBeCloseTo(oracle.distance, 9);
  });

  it('has the matrix of output correlations of numpy (corrcoef)', () => {
    expectClose(outputCorrelations(members), oracle.correlations);
  });

  it('has the matrix of disagreements of scipy (Hamming distance of the answers), in percent', () => {
    expect(oracle.disagreements[0][1]).toBeGreaterThan(0);
    expectClose(disagreementsPct(members, 5), oracle.disagreements);
  });

  it('has as a mean of disagreements that of the pairs of the chosen networks', () => {
    const [, b, c] = oracle.disagreements;
    expect(meanOfPairs(disagreementsPct(members, 5), [1, 2, 3])).toBeCloseTo((b[2] + b[3] + c[3]) / 3, 9);
  });

  it('has the matrix of parameter distances that the executor answered, and no mean over a pair without a value', () => {
    const gap = distances.slice();
    gap[4] = Number.NaN;
    expectClose(
      parameterDistances(distances, 4),
      parameters.map((_, a) => [...distances.subarray(4 * a, 4 * a + 4)]),
    );
    const broken = parameterDistances(gap, 4);
    expect([broken[0][1], broken[1][0]]).toEqual([null, null]);
    expect(meanOfPairs(broken)).toBeNull();
    expect(meanOfPairs(broken, [0, 2, 3])).toBe(distanceOf([0, 2, 3]));
  });

  it('of disagreement is symmetric, 0 with itself, and at most the sum of the ways round', () => {
    fc.assert(
      fc.property(ensembles, ({ members: some, classes }) => {
        const parts = disagreementsPct(some, classes);
        for (const a of some.keys()) {
          expect(parts[a][a]).toBe(0);
          for (const b of some.keys()) {
            expect(parts[a][b]).toBe(parts[b][a]);
            for (const c of some.keys()) {
              expect(parts[a][b]).toBeLessThanOrEqual((parts[a][c] ?? 0) + (parts[c][b] ?? 0) + 1e-9);
            }
          }
        }
      }),
    );
  });

  it('measures distances between the chosen rows only', () => {
    expect(distanceOf([1, 3])).toBeCloseTo(Math.hypot(3, -1, 3), 9);
  });

  it('is nothing where there is no pair', () => {
    expect(outputCorrelation(members.slice(0, 1))).toBeNull();
    expect(outputCorrelation([])).toBeNull();
    expect(distanceOf([2])).toBeNull();
    expect(distanceOf([])).toBeNull();
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

  it('has the correlations of the plain definition, whatever the number of members and of outputs', () => {
    const sizes = fc.record({ members: fc.integer({ min: 1, max: 8 }), length: fc.integer({ min: 2, max: 1_100 }) });
    fc.assert(
      fc.property(sizes, fc.boolean(), ({ members: count, length }, single) => {
        const some = Array.from({ length: count }, (_, k) => {
          const { outputs } = madeUp(`member ${k} of ${length}`, length, 2, k + 1);
          return single ? Float32Array.from(outputs) : outputs;
        });
        const got = outputCorrelations(some);
        for (const [a, one] of some.entries()) {
          for (const [b, other] of some.entries()) expect(got[a][b]).toBeCloseTo(pearson(one, other), 12);
        }
      }),
      { numRuns: 30 },
    );
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
