/** Softmax outputs of one network: [samples, classes], row-major. */
export type Outputs = Float32Array | Float64Array;

/** How members' outputs become one: the mean of their softmax outputs, or a majority vote. */
export const RULES = ['meanSoftmax', 'majorityVote'] as const;
export type Rule = (typeof RULES)[number];

/**
 * Combine members' outputs, one row a sample.
 * @param members at least one; all of the same samples and classes
 * @returns `meanSoftmax`: mean probabilities; `majorityVote`: each class's share of the votes, where the mean probabilities
 * count as one more vote of a millionth's weight, so that they break ties
 */
export function combine(members: readonly Outputs[], classes: number, rule: Rule): Float64Array {
  const mean = meanOutputs(members);
  return rule === 'meanSoftmax' ? mean : voteShares(members, classes, mean);
}

const TIE_BREAK = 1e-6;

function meanOutputs(members: readonly Outputs[]): Float64Array {
  const mean = new Float64Array(members[0].length);
  for (const outputs of members) {
    for (let i = 0; i < mean.length; i += 1) mean[i] += outputs[i] / members.length;
  }
  return mean;
}

function voteShares(members: readonly Outputs[], classes: number, mean: Float64Array): Float64Array {
  const shares = new Float64Array(mean.length);
  for (let row = 0; row < mean.length; row += classes) {
    for (const outputs of members) shares[row + argmax(outputs, row, classes)] += 1 / members.length;
    for (let c = row; c < row + classes; c += 1) shares[c] = (shares[c] + TIE_BREAK * mean[c]) / (1 + TIE_BREAK);
  }
  return shares;
}

/** The index, from 0, of the largest of `classes` values from `row` on; the first of equals. */
export function argmax(values: Outputs, row: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c += 1) if (values[row + c] > values[row + best]) best = c;
  return best;
}
