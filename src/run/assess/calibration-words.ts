import type { EnsembleResult } from '../../store/result';

/** Number of validation samples below which a temperature that is fitted on them says little. */
const FEW = 30;

/**
 * Describes how little an ensemble's temperature says, if it was fitted on few samples or on none that is mistaken, or why
 * probabilities have none; null for other ensembles, and for temperatures without a prior, of older runs.
 */
export function calibrationWords({ fittedOn, temperature, testErrorPct, testLoss }: EnsembleResult): string | null {
  if (temperature === null && testErrorPct !== null && testLoss !== null) {
    return 'No temperature could be fitted to the probabilities: the run has no validation samples.';
  }
  if (fittedOn === undefined) return null;
  const { samples, mistakes } = fittedOn;
  if (samples >= FEW && mistakes > 0) return null;
  return `The calibrated loss says little: its temperature was fitted on ${samples} validation samples, ${mistakes || 'none'} of them mistaken.`;
}
