import { jStat } from 'jstat';

/** A mean over seeds. */
export interface MeanAndError {
  readonly mean: number;
  /** Standard deviation of the mean, s / sqrt(n); null for a single value. */
  readonly standardError: number | null;
  readonly n: number;
}

/** Returns mean and standard error of the values that are not null; null if there are none. */
export function meanAndError(values: readonly (number | null)[]): MeanAndError | null {
  const measured = values.filter((value) => value !== null);
  const n = measured.length;
  if (n === 0) return null;
  const mean = meanOf(measured);
  if (n === 1) return { mean, standardError: null, n };
  const variance = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, standardError: Math.sqrt(variance / n), n };
}

/** Returns the arithmetic mean; NaN for an empty list. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export type Interval = readonly [low: number, high: number];

/** Mean difference of paired measurements, with its uncertainty. */
export interface PairedDifference {
  readonly n: number;
  readonly mean: number;
  /** The 95 % t interval of the mean; null for a single pair. */
  readonly interval: Interval | null;
  /** P value of the two-sided paired t-test; null with fewer than `PAIRS_FOR_P` pairs. */
  readonly p: number | null;
}

/**
 * Fewest pairs for a p value: with fewer it depends more on the assumption of normal differences than on the
 * differences.
 */
export const PAIRS_FOR_P = 6;

const LEVEL = 0.95;

/** Returns the mean of paired differences (one a seed), with its 95 % t interval and p value; null without a pair. */
export function pairedDifference(differences: readonly number[]): PairedDifference | null {
  const summary = meanAndError(differences);
  if (summary === null) return null;
  const { n, mean, standardError } = summary;
  if (standardError === null) return { n, mean, interval: null, p: null };
  const half = criticalT(LEVEL, n - 1) * standardError;
  const p = n < PAIRS_FOR_P ? null : pValue(mean, standardError, n);
  return { n, mean, interval: [mean - half, mean + half], p };
}

/** Returns the two-sided p value of the mean. Equal differences have no t: p is 1 if all are 0, else 0. */
function pValue(mean: number, standardError: number, n: number): number {
  if (standardError === 0) return mean === 0 ? 1 : 0;
  return twoSidedP(mean / standardError, n - 1);
}

/** Returns the t that a Student variable exceeds in absolute value with probability `1 - level`. */
function criticalT(level: number, degreesOfFreedom: number): number {
  return jStat.studentt.inv((1 + level) / 2, degreesOfFreedom);
}

/** Returns the probability that a Student variable is at least as far from 0 as `t`. */
function twoSidedP(t: number, degreesOfFreedom: number): number {
  // The beta form keeps its precision in the tails, where 1 - cdf loses it.
  return jStat.ibeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/**
 * Adjusts p values of one family by Holm's step-down method (1979): the probability of at least one false discovery
 * among them stays below the level at which the adjusted values are read. A null stays null and does not count.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 0;
  for (const [rank, { p, index }] of known.entries()) {
    least = Math.max(least, Math.min(1, (known.length - rank) * p));
    adjusted[index] = least;
  }
  return adjusted;
}

const RESAMPLES = 2000;
/**
 * Returns percentile bootstrap intervals (95 %) of the means of columns [samples]. All columns are resampled alike, so
 * the resamples are paired: each row is one test sample, and a column holds differences between two methods on it.
 * @param draw returns a random integer in 0 to `below` - 1
 */
export function bootstrapIntervals(
  columns: readonly Float64Array[],
  draw: (below: number) => number,
  resamples = RESAMPLES,
): Interval[] {
  const means = columns.map(() => new Float64Array(resamples));
  const samples = columns[0]?.length ?? 0;
  const times = new Float64Array(samples);
  for (let resample = 0; resample < resamples; resample += 1) {
    times.fill(0);
    for (let i = 0; i < samples; i += 1) times[draw(samples)] += 1;
    for (const [k, column] of columns.entries()) means[k][resample] = dot(times, column) / samples;
  }
  return means.map((column) => {
    const sorted = column.sort();
    return [quantile(sorted, (1 - LEVEL) / 2), quantile(sorted, (1 + LEVEL) / 2)];
  });
}

/** Interpolates between the two nearest order statistics, as NumPy's `percentile` does by default. */
function quantile(sorted: Float64Array, probability: number): number {
  const at = probability * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}
