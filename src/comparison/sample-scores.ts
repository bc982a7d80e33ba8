import { argmax, combine } from '../ensemble/combine';
import { logOf } from '../ensemble/metrics';
import type { KeptOutputs } from '../store/outputs';
import type { EnsembleResult } from '../store/result';
import { meanOf } from './statistics';

/** Score of an ensemble's output on each test sample, [samples] for each measure. */
export interface SampleScores {
  /**
   * 100 if the class is wrong, else 0; of labels, the part that is wrong: the mean is the error in percent. Null for
   * regression.
   */
  readonly testErrorPct: Float64Array | null;
  /** Cross-entropy or squared error; null for a vote, whose shares are no probabilities. */
  readonly testLoss: Float64Array | null;
}

/**
 * Scores an ensemble's outputs sample by sample.
 * @param kept its members' outputs by name, each [samples * perSample, columns]
 * @throws Error when a member's outputs are missing: a mistake of the caller
 */
export function sampleScores(
  { members, rule, weights, testRmse }: EnsembleResult,
  { outputs, targets, columns, perSample }: KeptOutputs,
): SampleScores {
  const own = members.map((name) => {
    const found = outputs.get(name);
    if (found === undefined) throw new Error(`the outputs of ${name} are missing`);
    return found;
  });
  const together = combine(own, columns, rule, weights ?? undefined);
  if (testRmse !== null) {
    return { testErrorPct: null, testLoss: Float64Array.from(targets, (target, i) => (together[i] - target) ** 2) };
  }
  const testErrorPct = Float64Array.from(targets, (target, i) =>
    argmax(together, i * columns, columns) === target ? 0 : 100,
  );
  const testLoss = Float64Array.from(targets, (target, i) => -logOf(together[i * columns + target]));
  return {
    testErrorPct: bySample(testErrorPct, perSample),
    testLoss: rule === 'majorityVote' ? null : bySample(testLoss, perSample),
  };
}

/** Returns the mean score of each sample's rows. */
function bySample(scores: Float64Array, perSample: number): Float64Array {
  if (perSample === 1) return scores;
  return Float64Array.from({ length: scores.length / perSample }, (_, sample) =>
    meanOf(Array.from(scores.subarray(sample * perSample, (sample + 1) * perSample))),
  );
}
