/**
 * Where networks lie in function space: how often their answers differ from those of a base network, beside what two
 * models of difference would give (Fort, Hu and Lakshminarayanan 2020, section 4.2 and appendix), and a map of answers.
 */
import { symmetricEigen } from '../linear-algebra';
import type { Outputs } from './combine';

/**
 * Returns the normalised disagreement of networks whose errors know nothing of each other, wrong answers being spread
 * evenly over the other classes: Fort's upper curve.
 * @param accuracy of the network, below 1
 * @param base accuracy of the base network
 */
export function independentDisagreement(accuracy: number, base: number, classes: number): number {
  const oneIsRight = base * (1 - accuracy) + accuracy * (1 - base);
  const bothAreWrong = ((1 - base) * (1 - accuracy) * (classes - 2)) / (classes - 1);
  return (oneIsRight + bothAreWrong) / (1 - accuracy);
}

/** Reports whether random answers make a network worse: at chance and below they do not. */
export function isAboveChance(accuracy: number, classes: number): boolean {
  return accuracy * classes > 1;
}

/**
 * Returns the normalised disagreement of a network that is its base with some answers replaced at random: Fort's lower
 * curve. It begins at the accuracy of the base.
 * @param accuracy at most that of the base, and below 1
 * @param base above chance
 */
export function perturbedDisagreement(accuracy: number, base: number, classes: number): number {
  const lostByEach = base - (1 - base) / (classes - 1);
  return (base - accuracy) / lostByEach / (1 - accuracy);
}

/** Networks on a plane: the two directions in which their answers differ most. */
export interface AnswerMap {
  /** Coordinates of each network. Their distances are Hellinger's (0 to 1), as far as the plane shows them. */
  readonly places: readonly (readonly [x: number, y: number])[];
  /** Shares of the squared distances that the two axes show. */
  readonly shares: readonly [number, number];
}

/**
 * Lays networks out by classical scaling of their Hellinger distances, the root mean square over samples; null if all
 * answer the same.
 * @param members probabilities [samples, classes] of three networks or more
 */
export function answerMap(members: readonly Outputs[], samples: number): AnswerMap | null {
  const products = members.map((one) => members.map((other) => meanAffinity(one, other, samples)));
  const { values, vectors } = symmetricEigen(doublyCentred(products));
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, 2);
  const all = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (all < 1e-12) return null;
  const axes = order.map((k) => {
    const largest = vectors[k].reduce((a, b) => (Math.abs(b) > Math.abs(a) + 1e-9 ? b : a), 0);
    const length = Math.sign(largest) * Math.sqrt(Math.max(0, values[k] / 2)); // a sign that no rounding decides
    return vectors[k].map((entry) => entry * length);
  });
  const share = (k: number) => Math.max(0, values[order[k]]) / all;
  return { places: members.map((_, i) => [axes[0][i], axes[1][i]]), shares: [share(0), share(1)] };
}

/** Mean over samples of the sum over classes of sqrt(p q): 1 for equal answers. */
function meanAffinity(p: Outputs, q: Outputs, samples: number): number {
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) sum += Math.sqrt(p[i] * q[i]);
  return sum / samples;
}

/** Subtracts the means of rows and columns, and adds that of all: products of points about their centre. */
function doublyCentred(products: readonly (readonly number[])[]): number[][] {
  const mean = (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0) / row.length;
  const rows = products.map(mean);
  const all = mean(rows);
  return products.map((row, i) => row.map((value, j) => value - rows[i] - rows[j] + all));
}
