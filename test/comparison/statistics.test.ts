import fc from 'fast-check';
import { z } from 'zod';
import { bootstrapIntervals, holm, meanAndError, pairedDifference } from '../../src/comparison/statistics';
import { namedStream } from '../../src/trust-tech/streams';
import { askPython } from '../python';

/** `n` values around `centre`, which nothing but the name decides. */
function madeUp(name: string, n: number, centre: number): number[] {
  const draw = namedStream(0, name);
  return Array.from({ length: n }, () => centre + (draw(2001) - 1000) / 1000);
}

const CASES = [
  { n: 2, centre: 0.5 },
  { n: 3, centre: -2 },
  { n: 6, centre: 0 },
  { n: 10, centre: 1.5 },
  { n: 10, centre: 40 },
  { n: 150, centre: 0.1 },
].map(({ n, centre }, k) => ({ n, values: madeUp(`case ${k}`, n, centre) }));

const ORACLE = `
import numpy as np
from scipy import stats
answer = []
for values in given:
    v = np.array(values)
    low, high = stats.t.interval(0.95, len(v) - 1, loc=v.mean(), scale=stats.sem(v))
    p = stats.ttest_rel(v + 3.0, np.full(len(v), 3.0)).pvalue
    answer.append({"mean": v.mean(), "se": stats.sem(v), "low": low, "high": high, "p": p})
`;
const oracle = z.array(
  z.strictObject({ mean: z.number(), se: z.number(), low: z.number(), high: z.number(), p: z.number() }),
);

describe('means and paired differences', () => {
  let expected: z.infer<typeof oracle>;
  beforeAll(() => {
    expected = oracle.parse(
      askPython(
        ORACLE,
        CASES.map(({ values }) => values),
      ),
    );
  });

  it.each(CASES)('agree with scipy on $n values (mean, standard error, t interval, p from 6 on)', (given) => {
    const { mean, se, low, high, p } = expected[CASES.indexOf(given)];
    const got = pairedDifference(given.values);
    expect(meanAndError(given.values)).toEqual({
      mean: expect.closeTo(mean, 10),
      standardError: expect.closeTo(se, 10),
      n: given.n,
    });
    expect(got?.interval?.[0]).toBeCloseTo(low, 6);
    expect(got?.interval?.[1]).toBeCloseTo(high, 6);
    if (given.n < 6) expect(got?.p).toBeNull();
    else expect((got?.p ?? Number.NaN) / p).toBeCloseTo(1, 6);
  });
});

describe('a mean', () => {
  it('leaves out what was not measured', () => {
    expect(meanAndError([1, null, 3])).toEqual({ mean: 2, standardError: 1, n: 2 });
    expect(meanAndError([null])).toBeNull();
  });

  it('has no standard error for a single value', () => {
    expect(meanAndError([4])).toEqual({ mean: 4, standardError: null, n: 1 });
  });
});

describe('a paired difference', () => {
  it('is nothing without pairs, and has no interval with one', () => {
    expect(pairedDifference([])).toBeNull();
    expect(pairedDifference([0.5])).toEqual({ n: 1, mean: 0.5, interval: null, p: null });
  });

  it('has a p value of 1 where nothing differs, and of 0 where everything does by the same', () => {
    expect(pairedDifference([0, 0, 0, 0, 0, 0])?.p).toBe(1);
    expect(pairedDifference([2, 2, 2, 2, 2, 2])).toEqual({ n: 6, mean: 2, interval: [2, 2], p: 0 });
  });
});

describe("Holm's adjustment", () => {
  it('is what it is by hand', () => {
    const adjusted = holm([0.03, 0.01, 0.9, 0.015]);
    expect(adjusted.map((p) => Number(p?.toFixed(12)))).toEqual([0.06, 0.04, 0.9, 0.045]);
  });

  it('gives a larger p value at least what a smaller one got', () => {
    expect(holm([0.011, 0.02, 0.01])).toEqual([0.03, 0.03, 0.03]);
  });

  it('counts only what has a p value', () => {
    expect(holm([null, 0.02, null, 0.5])).toEqual([null, 0.04, null, 0.5]);
  });

  it('never falls below a p value, never passes 1, and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (pValues) => {
        const adjusted = holm(pValues).map((p) => p ?? Number.NaN);
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, q] of pValues.entries()) if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]);
        }
      }),
    );
  });
});

describe('bootstrap intervals', () => {
  const column = Float64Array.from(madeUp('bootstrap', 800, 0.3));
  const draw = () => namedStream(0, 'bootstrap test');

  it('are as wide as the standard error of a mean says', () => {
    const [[low, high]] = bootstrapIntervals([column], draw());
    const { mean, standardError } = meanAndError(Array.from(column)) ?? { mean: 0, standardError: null };
    const half = 1.96 * (standardError ?? Number.NaN);
    expect(Math.abs(low - (mean - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(high - (mean + half))).toBeLessThan(0.1 * half);
  });

  it('are the same again with the same draws, and others with others', () => {
    const [first] = bootstrapIntervals([column], draw());
    expect(bootstrapIntervals([column], draw())).toEqual([first]);
    expect(bootstrapIntervals([column], namedStream(1, 'bootstrap test'))).not.toEqual([first]);
  });

  it('resample all columns alike: a shift shifts, a factor stretches', () => {
    const [[low, high], shifted, doubled] = bootstrapIntervals(
      [column, column.map((value) => value + 5), column.map((value) => 2 * value)],
      draw(),
    );
    expect(shifted).toEqual([expect.closeTo(low + 5, 9), expect.closeTo(high + 5, 9)]);
    expect(doubled).toEqual([expect.closeTo(2 * low, 9), expect.closeTo(2 * high, 9)]);
  });

  it('take the percentiles of the resampled means that NumPy takes', () => {
    const indices: number[] = [];
    const stream = namedStream(3, 'percentiles');
    const kept = (below: number) => indices[indices.push(stream(below)) - 1];
    const values = column.slice(0, 7);
    const got = bootstrapIntervals([values], kept, 30);
    const program =
      'import numpy as np\n' +
      'means = np.array(given["values"])[np.array(given["indices"]).reshape(30, 7)].mean(1)\n' +
      'answer = list(np.percentile(means, [2.5, 97.5]))';
    const [low, high] = z.array(z.number()).parse(askPython(program, { values: Array.from(values), indices }));
    expect(got).toEqual([[expect.closeTo(low, 12), expect.closeTo(high, 12)]]);
  });
});
