import { argmax, type Outputs } from './combine';
import { centredGram } from './gram';

/** A symmetric table [networks, networks] of a measure between every two; null if it cannot be measured. */
export type PairMatrix = readonly (readonly (number | null)[])[];

/**
 * Returns the output correlation (Huang et al. 2017a): the Pearson correlation of two networks' outputs over all
 * samples and classes, flattened. Null if a network's outputs are constant.
 */
export function outputCorrelations(members: readonly Outputs[]): PairMatrix {
  const gram = centredGram(members);
  const lengths = members.map((outputs, k) =>
    isConstant(outputs) ? Number.NaN : Math.sqrt(gram[k * (members.length + 1)]),
  );
  return pairMatrix(members.length, (a, b) => gram[a * members.length + b] / (lengths[a] * lengths[b]));
}

/** Returns the percentage of the samples that two networks assign to different classes. */
export function disagreementsPct(members: readonly Outputs[], classes: number): PairMatrix {
  const answers = members.map((outputs) => answersOf(outputs, classes));
  return pairMatrix(members.length, (a, b) => {
    const [one, other] = [answers[a], answers[b]];
    let different = 0;
    for (let sample = 0; sample < one.length; sample += 1) if (one[sample] !== other[sample]) different += 1;
    return (100 * different) / one.length;
  });
}

/**
 * Returns the parameter distances (Garipov et al. 2018): Euclidean, from the distances [points, points] that an
 * executor returns.
 */
export function parameterDistances(distances: Float64Array, points: number): PairMatrix {
  return pairMatrix(points, (a, b) => distances[a * points + b]);
}

/** Returns the mean over all pairs of the chosen networks; null with fewer than two, or if one pair has no value. */
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
  const answers = new Int32Array(outputs.length / classes);
  for (let sample = 0; sample < answers.length; sample += 1)
    answers[sample] = argmax(outputs, sample * classes, classes);
  return answers;
}

/** True if outputs are constant: rounding would leave them a nonzero length after centring. */
function isConstant(outputs: Outputs): boolean {
  return outputs.every((value) => value === outputs[0]);
}
