import { argmax, type Outputs } from './combine';

/** What a prediction is worth: error and calibration error in percent, cross-entropy in nats, Brier score. */
export interface Metrics {
  readonly errorPct: number;
  readonly loss: number;
  readonly brier: number;
  readonly ecePct: number;
}

const ECE_BINS = 15;

/**
 * Metrics of probabilities [samples, classes] against the true classes [samples].
 * The Brier score is the squared distance to the one-hot target, summed over classes and averaged over samples (0 to 2).
 */
export function metrics(probabilities: Outputs, targets: Int32Array): Metrics {
  const classes = probabilities.length / targets.length;
  let wrong = 0;
  let loss = 0;
  let brier = 0;
  for (const [sample, target] of targets.entries()) {
    const row = sample * classes;
    if (argmax(probabilities, row, classes) !== target) wrong += 1;
    loss -= Math.log(Math.max(probabilities[row + target], Number.MIN_VALUE));
    for (let c = 0; c < classes; c += 1) brier += (probabilities[row + c] - (c === target ? 1 : 0)) ** 2;
  }
  const samples = targets.length;
  return {
    errorPct: (100 * wrong) / samples,
    loss: loss / samples,
    brier: brier / samples,
    ecePct: calibrationErrorPct(probabilities, targets, classes),
  };
}

/** Expected calibration error (Guo et al. 2017), 15 equal bins of confidence. */
function calibrationErrorPct(probabilities: Outputs, targets: Int32Array, classes: number): number {
  const gap = new Float64Array(ECE_BINS);
  for (const [sample, target] of targets.entries()) {
    const row = sample * classes;
    const answer = argmax(probabilities, row, classes);
    const confidence = probabilities[row + answer];
    const bin = Math.min(ECE_BINS - 1, Math.max(0, Math.ceil(confidence * ECE_BINS) - 1));
    gap[bin] += (answer === target ? 1 : 0) - confidence;
  }
  return (100 * gap.reduce((sum, value) => sum + Math.abs(value), 0)) / targets.length;
}
