import { argmax, type Outputs, type Targets } from './combine';
import { kindOf, type LossName } from './task-kind';

/** Metrics of a classification: error and calibration error in percent, cross-entropy in nats, Brier score. */
export interface Metrics {
  readonly errorPct: number;
  readonly loss: number;
  readonly brier: number;
  readonly ecePct: number;
}

/** Number of equal bins of confidence for the calibration error. */
export const ECE_BINS = 15;

/** The smallest 32-bit number above 0: a probability that the network rounded to 0 lies somewhere below it. */
const SMALLEST = 2 ** -149;

/** Returns the logarithm of a probability; for one rounded to 0, that of the smallest number above it. */
export function logOf(probability: number): number {
  return Math.log(Math.max(probability, SMALLEST));
}

/**
 * Returns the metrics of probabilities [samples, classes] against the true classes [samples]. The Brier score is the
 * squared distance to the one-hot target, summed over classes and averaged over samples (0 to 2).
 */
export function metrics(probabilities: Outputs, targets: Targets): Metrics {
  const classes = probabilities.length / targets.length;
  let wrong = 0;
  let brier = 0;
  for (let sample = 0; sample < targets.length; sample += 1) {
    const target = targets[sample];
    const row = sample * classes;
    if (argmax(probabilities, row, classes) !== target) wrong += 1;
    for (let c = 0; c < classes; c += 1) {
      const away = probabilities[row + c] - (c === target ? 1 : 0);
      brier += away * away;
    }
  }
  return {
    errorPct: (100 * wrong) / targets.length,
    loss: meanLoss(probabilities, targets, 'crossEntropy'),
    brier: brier / targets.length,
    ecePct: calibrationErrorPct(probabilities, targets, classes),
  };
}

/**
 * Returns the metrics of predicted numbers [samples]: the mean squared error, which is their loss, and its root in the
 * numbers' unit.
 */
export function regressionMetrics(
  numbers: Outputs,
  targets: Targets,
): { readonly loss: number; readonly rmse: number } {
  const loss = meanLoss(numbers, targets, 'meanSquared');
  return { loss, rmse: Math.sqrt(loss) };
}

/** Returns the mean loss over samples: cross-entropy in nats, or squared error. */
export function meanLoss(outputs: Outputs, targets: Targets, loss: LossName): number {
  const perSample = outputs.length / targets.length;
  const isNumber = kindOf(loss) === 'numbers';
  let sum = 0;
  for (let sample = 0; sample < targets.length; sample += 1) {
    if (!isNumber) sum -= logOf(outputs[sample * perSample + targets[sample]]);
    else sum += (outputs[sample] - targets[sample]) ** 2;
  }
  return sum / targets.length;
}

/** Returns the expected calibration error in percent (Guo et al. 2017), over 15 equal bins of confidence. */
function calibrationErrorPct(probabilities: Outputs, targets: Targets, classes: number): number {
  const gap = new Float64Array(ECE_BINS);
  for (let sample = 0; sample < targets.length; sample += 1) {
    const row = sample * classes;
    const answer = argmax(probabilities, row, classes);
    const confidence = probabilities[row + answer];
    gap[confidenceBin(confidence)] += (answer === targets[sample] ? 1 : 0) - confidence;
  }
  return (100 * gap.reduce((sum, value) => sum + Math.abs(value), 0)) / targets.length;
}

/** Returns the bin, from 0, of a confidence: each bin includes its upper edge. */
export function confidenceBin(confidence: number): number {
  return Math.min(ECE_BINS - 1, Math.max(0, Math.ceil(confidence * ECE_BINS) - 1));
}
