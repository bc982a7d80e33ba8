import type { Outputs, Targets } from './combine';
import {
  independentDisagreement,
  isAboveChance,
  type PlacedAnswers,
  perturbedDisagreement,
  placeAnswers,
} from './function-space';

/** Network beside the base of its run. */
export interface PlacedMember extends PlacedAnswers {
  readonly network: string;
  /** Normalised disagreement of independent answers, and of the base's own with random ones among them. */
  readonly independent: number | null;
  readonly perturbed: number | null;
}

/** A run's networks in function space. */
export interface PlacedRun {
  readonly base: string;
  readonly baseAccuracy: number;
  readonly classes: number;
  /** All networks but the base. */
  readonly members: readonly PlacedMember[];
}

/**
 * Places networks beside the first of them, which is tier 0 in a run of DSP-TT; null with fewer than two.
 * @param outputs probabilities [samples, classes] by network
 */
export function placeRun(outputs: ReadonlyMap<string, Outputs>, targets: Targets, classes: number): PlacedRun | null {
  const [first, ...others] = outputs;
  if (others.length === 0) return null;
  const [base, answers] = first;
  const { accuracy: baseAccuracy } = placeAnswers(answers, answers, targets);
  const members = others.map(([network, own]): PlacedMember => {
    const placed = placeAnswers(own, answers, targets);
    const { accuracy } = placed;
    const hasLower = accuracy <= baseAccuracy && accuracy < 1 && isAboveChance(baseAccuracy, classes);
    return {
      network,
      ...placed,
      independent: accuracy === 1 ? null : independentDisagreement(accuracy, baseAccuracy, classes),
      perturbed: hasLower ? perturbedDisagreement(accuracy, baseAccuracy, classes) : null,
    };
  });
  return { base, baseAccuracy, classes, members };
}
