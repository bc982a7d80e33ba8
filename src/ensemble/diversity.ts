import { argmax, type Outputs } from './combine';

/** A symmetric table [networks, networks] of what lies between each two; null where it cannot be measured. */
export type PairMatrix = readonly (readonly (number | null)[])[];

/**
 * Output correlation (Huang et al. 2017a): the Pearson correlation of two networks' outputs over all samples and classes,
 * flattened. Null where a network's outputs never change.
 */
export function outputCorrelations(members: readonly Outputs[]): PairMatrix {
  const centred = members.map(centre);
  return pairMatrix(members.length, (a, b) => dot(centred[a], centred[b]));
}

/** In percent: the part of the samples that two networks put into different classes. */
export function disagreementsPct(members: readonly Outputs[], classes: number): PairMatrix {
  const answers = members.map((outputs) => answersOf(outputs, classes));
  return pairMatrix(members.length, (a, b) => {
    const different = answers[a].reduce((count, answer, sample) => count + Number(answer !== answers[b][sample]), 0);
    return (100 * different) / answers[a].length;
  });
}

/** Parameter distances (Garipov et al. 2018): Euclidean, from the distances [points, points] that an executor answers. */
export function parameterDistances(distances: Float64Array, points: number): PairMatrix {
  return pairMatrix(points, (a, b) => distances[a * points + b]);
}

/** The mean over all pairs of the chosen networks. Null with fewer than two, or where one pair has no value. */
export function meanOfPairs(matrix: PairMatrix, chosen: readonly number[] = [...matrix.keys()]): number | null {
  let sum = 0;
  for (const [k, a] of chosen.entries()) for (const b of chosen.slice(0, k)) sum += matrix[a][b] ?? Number.NaN;
  const mean = sum / ((chosen.length * (chosen.length - 1)) / 2);
  return Number.isFinite(mean) ? mean : null;
}

function pairMatrix(count: number, value: (a: number, b: number) => number): PairMatrix {
  const matrix = Array.from({ length: count }, () => new Array<number | null>(count).fill(null));
  for (let a = 0; a < count; a += 1) {
    for (let b = 0; b <= a; b += 1) {
      const between = value(a, b);
      if (!Number.isFinite(between)) continue;
      matrix[a][b] = between;
      matrix[b][a] = between;
    }
  }
  return matrix;
}

function answersOf(outputs: Outputs, classes: number): Int32Array {
  return Int32Array.from({ length: outputs.length / classes }, (_, sample) =>
    argmax(outputs, sample * classes, classes),
  );
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
