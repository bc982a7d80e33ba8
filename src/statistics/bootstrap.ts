import type { Interval } from './paired';

const RESAMPLES = 2000;
const LEVEL = 0.95;

/**
 * Percentile bootstrap intervals (95 %) of the means of columns [samples], all resampled alike: as each row is one test
 * sample, and a column holds differences between two methods on it, the resamples are paired.
 * @param draw draws an integer in 0 to `below` - 1
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

/** Between the two nearest order statistics, as NumPy's `percentile` does by default. */
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
