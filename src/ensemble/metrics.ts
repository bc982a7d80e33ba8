import { argmax, type Outputs, type Targets } from './combine';

/** What a prediction of classes is worth: error and calibration error in percent, cross-entropy in nats, Brier score. */
export interface Metrics {
  readonly errorPct: number;
  readonly loss: number;
  readonly brier: number;
  readonly ecePct: number;
}

/** What outputs are scored by: the cross-entropy of softmax outputs, or the mean squared error of predicted numbers. */
export type LossName = 'crossEntropy' | 'meanSquared';

/** Equal bins of confidence in which the calibration error is taken. */
export const ECE_BINS = 15;

/** The smallest 32-bit number above 0: a probability that the network rounded to 0 lies below it, nobody knows how far. */
const SMALLEST = 2 ** -149;

/** The logarithm of a probability; of what is rounded to 0, that of the smallest number above it. */
export function logOf(probability: number): number {
  return Math.log(Math.max(probability, SMALLEST));
}

/**
 * Metrics of probabilities [samples, classes] against the true classes [samples].
 * The Brier score is the squared distance to the one-hot target, summed over classes and averaged over samples (0 to 2).
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

/** Metrics of predicted numbers [samples]: the mean squared error, which is their loss, and its root in the numbers' unit. */
export function regressionMetrics(
  numbers: Outputs,
  targets: Targets,
): { readonly loss: number; readonly rmse: number } {
  const loss = meanLoss(numbers, targets, 'meanSquared');
  return { loss, rmse: Math.sqrt(loss) };
}

/** The mean loss over samples: cross-entropy in nats, or squared error. */
export function meanLoss(outputs: Outputs, targets: Targets, loss: LossName): number {
  const perSample = outputs.length / targets.length;
  let sum = 0;
  for (let sample = 0; sample < targets.length; sample += 1) {
    if (loss === 'crossEntropy') sum -= logOf(outputs[sample * perSample + targets[sample]]);
    else sum += (outputs[sample] - targets[sample]) ** 2;
  }
  return sum / targets.length;
}

/** Expected calibration error (Guo et al. 2017), 15 equal bins of confidence. */
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

/** The bin, from 0, that a confidence belongs to: each holds its upper edge. */
export function confidenceBin(confidence: number): number {
  return Math.min(ECE_BINS - 1, Math.max(0, Math.ceil(confidence * ECE_BINS) - 1));
}
