import type { Outputs } from './combine';

/**
 * Output correlation (Huang et al. 2017a): the Pearson correlation of two networks' softmax outputs over all samples and
 * classes, averaged over all pairs. Null with fewer than two members, or where a member's outputs never change.
 */
export function outputCorrelation(members: readonly Outputs[]): number | null {
  const centred = members.map(centre);
  return pairMean(members.length, (a, b) => dot(centred[a], centred[b]));
}

/**
 * Parameter distance (Garipov et al. 2018): mean Euclidean distance over all pairs of the chosen rows of a distance
 * matrix [points, points]. Null with fewer than two members.
 */
export function parameterDistance(distances: Float64Array, points: number, chosen: readonly number[]): number | null {
  return pairMean(chosen.length, (a, b) => distances[chosen[a] * points + chosen[b]]);
}

function pairMean(count: number, value: (a: number, b: number) => number): number | null {
  let sum = 0;
  for (let a = 0; a < count; a += 1) for (let b = 0; b < a; b += 1) sum += value(a, b);
  const mean = sum / ((count * (count - 1)) / 2);
  return Number.isFinite(mean) ? mean : null;
}

/** Shifted to mean 0 and scaled to length 1, so that a dot product is a correlation; NaN where all are equal. */
function centre(outputs: Outputs): Float64Array {
  if (outputs.every((value) => value === outputs[0])) return new Float64Array(outputs.length).fill(Number.NaN);
  let mean = 0;
  for (const value of outputs) mean += value / outputs.length;
  const centred = Float64Array.from(outputs, (value) => value - mean);
  const length = Math.sqrt(dot(centred, centred));
  return centred.map((value) => value / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}
