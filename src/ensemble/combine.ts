/**
 * Outputs of one network: [samples, outputs], row-major; softmax outputs, or predicted numbers. Those of labels are decisions
 * (`decisions.ts`), of which each counts as a sample.
 */
export type Outputs = Float32Array | Float64Array;

/** True class, or true number, of each sample. */
export type Targets = Float32Array | Float64Array | Int32Array;

/**
 * Rules that combine members' outputs: the mean of their softmax outputs, of labels the mean of their sigmoid outputs, a
 * majority vote, the mean of their numbers, or a mean weighted by inverse validation loss.
 */
export const RULES = ['meanSoftmax', 'meanSigmoid', 'majorityVote', 'mean', 'validationWeighted'] as const;
export type Rule = (typeof RULES)[number];

/**
 * Combines members' outputs, one row a sample.
 * @param members at least one; all of the same samples and outputs
 * @param weights one a member, not negative, of any positive sum; without them all members have equal weight
 * @returns `majorityVote`: each class's share of the votes, with the mean probabilities as one more vote of weight 1e-6
 *   that breaks ties; any other rule: the (weighted) mean
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
 * Returns weights by inverse validation loss (Bates and Granger 1969): the best weights for a mean of unbiased
 * predictors with uncorrelated errors if the loss is a squared error, and the same rule for a cross-entropy. Softer
 * than posterior weights, which would select one member. Members with loss 0 share all the weight.
 */
export function inverseLossWeights(validationLosses: readonly number[]): number[] {
  const exact = validationLosses.some((loss) => loss === 0);
  return partsOf(validationLosses.map((loss) => (exact ? Number(loss === 0) : 1 / loss)));
}

const TIE_BREAK = 1e-6;

/** Numbers that are summed over all members before the next block: their sum stays in the cache. */
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

/** Returns the index, from 0, of the largest of `classes` values from `row` on; the first of equals. */
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
