import { independentDisagreement, isAboveChance, perturbedDisagreement } from './function-space';

/** Network beside the base of its run. Accuracy and disagreement are shares of the samples. */
export interface PlacedMember {
  readonly network: string;
  readonly accuracy: number;
  /** Samples that it and the base assign to different classes. */
  readonly disagreement: number;
  /** Disagreement over the network's share of errors; null without an error. */
  readonly normalised: number | null;
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

/** Measures of a network on the test split, in percent. */
export interface AnswersOf {
  readonly network: string;
  readonly errorPct: number;
  /** Samples that it and the first network assign to different classes. */
  readonly disagreementPct: number;
}

/** Places networks beside the first of them, which is tier 0 in a run of DSP-TT; null with fewer than two. */
export function placeRun([base, ...others]: readonly AnswersOf[], classes: number): PlacedRun | null {
  if (others.length === 0) return null;
  const baseAccuracy = 1 - base.errorPct / 100;
  const members = others.map(({ network, errorPct, disagreementPct }): PlacedMember => {
    const [accuracy, disagreement] = [1 - errorPct / 100, disagreementPct / 100];
    const hasError = errorPct > 0;
    const hasLower = hasError && accuracy <= baseAccuracy && isAboveChance(baseAccuracy, classes);
    return {
      network,
      accuracy,
      disagreement,
      normalised: hasError ? disagreementPct / errorPct : null,
      independent: hasError ? independentDisagreement(accuracy, baseAccuracy, classes) : null,
      perturbed: hasLower ? perturbedDisagreement(accuracy, baseAccuracy, classes) : null,
    };
  });
  return { base: base.network, baseAccuracy, classes, members };
}
