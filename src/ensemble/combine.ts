/** What one network puts out for each sample: [samples, outputs], row-major; softmax outputs, or predicted numbers. */
export type Outputs = Float32Array | Float64Array;

/** The true class, or the true number, of each sample. */
export type Targets = Float32Array | Float64Array | Int32Array;

/**
 * How members' outputs become one: the mean of their softmax outputs, a majority vote, the mean of their numbers, or a mean
 * in which a member weighs what it is worth on validation data.
 */
export const RULES = ['meanSoftmax', 'majorityVote', 'mean', 'validationWeighted'] as const;
export type Rule = (typeof RULES)[number];

/**
 * Combine members' outputs, one row a sample.
 * @param members at least one; all of the same samples and outputs
 * @param weights one a member, not negative, of any positive sum; without them all members weigh the same
 * @returns `majorityVote`: each class's share of the votes, where the mean probabilities count as one more vote of a
 * millionth's weight, so that they break ties; any other rule: the (weighted) mean
 */
export function combine(
  members: readonly Outputs[],
  outputsPerSample: number,
  rule: Rule,
  weights?: ArrayLike<number>,
): Float64Array {
  if (rule === 'validationWeighted' && weights === undefined) throw new Error('validationWeighted needs weights');
  const parts = partsOf(weights ?? members.map(() => 1));
  const mean = meanOutputs(members, parts);
  return rule === 'majorityVote' ? voteShares(members, outputsPerSample, mean, parts) : mean;
}

/**
 * Weights by inverse validation loss (Bates and Granger 1969): the best weights for a mean of unbiased predictors with
 * uncorrelated errors when the loss is a squared error, and the same rule for a cross-entropy. Never as sharp as a
 * posterior, which all but one member would have no part in. A loss of 0 leaves nothing to the losses above 0.
 */
export function inverseLossWeights(validationLosses: readonly number[]): number[] {
  const exact = validationLosses.some((loss) => loss === 0);
  return partsOf(validationLosses.map((loss) => (exact ? Number(loss === 0) : 1 / loss)));
}

const TIE_BREAK = 1e-6;

/** Numbers that are summed over all members before the next ones: their sum stays in the cache. */
const BLOCK = 4096;

function partsOf(weights: ArrayLike<number>): number[] {
  const all = Array.from(weights);
  const total = all.reduce((sum, weight) => sum + weight, 0);
  return all.map((weight) => weight / total);
}

function meanOutputs(members: readonly Outputs[], parts: readonly number[]): Float64Array {
  const mean = new Float64Array(members[0].length);
  for (let start = 0; start < mean.length; start += BLOCK) {
    const end = Math.min(mean.length, start + BLOCK);
    for (const [k, outputs] of members.entries()) addPart(mean, outputs, parts[k], start, end);
  }
  return mean;
}

function addPart(mean: Float64Array, outputs: Outputs, part: number, start: number, end: number): void {
  for (let i = start; i < end; i += 1) mean[i] += part * outputs[i];
}

function voteShares(
  members: readonly Outputs[],
  classes: number,
  mean: Float64Array,
  parts: readonly number[],
): Float64Array {
  const shares = new Float64Array(mean.length);
  for (const [k, outputs] of members.entries()) addVotes(shares, outputs, parts[k], classes);
  for (let i = 0; i < shares.length; i += 1) shares[i] = (shares[i] + TIE_BREAK * mean[i]) / (1 + TIE_BREAK);
  return shares;
}

function addVotes(shares: Float64Array, outputs: Outputs, part: number, classes: number): void {
  for (let row = 0; row < shares.length; row += classes) shares[row + argmax(outputs, row, classes)] += part;
}

/** The index, from 0, of the largest of `classes` values from `row` on; the first of equals. */
export function argmax(values: Outputs, row: number, classes: number): number {
  let best = 0;
  let most = values[row];
  for (let c = 1; c < classes; c += 1) {
    const value = values[row + c];
    if (value > most) {
      best = c;
      most = value;
    }
  }
  return best;
}
