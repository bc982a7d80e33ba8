import type { Outputs } from './combine';

/**
 * The least that a label's absence counts as: beside a probability that 32 bits round to 1, it lies somewhere above 0 and
 * below half of the distance from 1 to the number below it. `python/dsptt/combining.py` has the same number.
 */
const LEAST_ABSENT = 2 ** -25;

/**
 * Returns the decisions of labels as those between two classes, absent and present: probabilities [samples, labels] become
 * [samples * labels, 2], for which targets of 0 and 1 are the true classes. All measures of classes then hold for labels,
 * each decision as one sample.
 */
export function decisionsOf(probabilities: Outputs): Float64Array {
  const decisions = new Float64Array(2 * probabilities.length);
  for (let i = 0; i < probabilities.length; i += 1) {
    decisions[2 * i] = Math.max(1 - probabilities[i], LEAST_ABSENT);
    decisions[2 * i + 1] = probabilities[i];
  }
  return decisions;
}

/** Returns the probabilities [samples, labels] of decisions: the inverse of `decisionsOf`. */
export function presentOf(decisions: Outputs): Float64Array {
  return Float64Array.from({ length: decisions.length / 2 }, (_, i) => decisions[2 * i + 1]);
}
