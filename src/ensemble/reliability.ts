import { argmax, type Outputs, type Targets } from './combine';
import { confidenceBin, ECE_BINS, logOf } from './metrics';

/** Samples whose predictions had a confidence within one bin. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  /** Mean confidence of the samples, and the fraction of them that was predicted right, 0 to 1. */
  readonly confidence: number;
  readonly accuracy: number;
}

/**
 * Returns the bins of the expected calibration error (Guo et al. 2017) that hold samples, of probabilities [samples,
 * classes].
 */
export function reliability(probabilities: Outputs, targets: Targets): ReliabilityBin[] {
  const classes = probabilities.length / targets.length;
  const bins = Array.from({ length: ECE_BINS }, () => ({ samples: 0, confidence: 0, right: 0 }));
  for (const [sample, target] of targets.entries()) {
    const row = sample * classes;
    const answer = argmax(probabilities, row, classes);
    const confidence = probabilities[row + answer];
    const bin = bins[confidenceBin(confidence)];
    bin.samples += 1;
    bin.confidence += confidence;
    bin.right += answer === target ? 1 : 0;
  }
  return bins.flatMap(({ samples, confidence, right }, k) => {
    if (samples === 0) return [];
    const edges = { from: k / ECE_BINS, to: (k + 1) / ECE_BINS };
    return [{ ...edges, samples, confidence: confidence / samples, accuracy: right / samples }];
  });
}

/** Returns the expected calibration error in percent of the bins that `reliability` returns. */
export function expectedCalibrationErrorPct(bins: readonly ReliabilityBin[]): number {
  const samples = bins.reduce((sum, bin) => sum + bin.samples, 0);
  const gaps = bins.map((bin) => bin.samples * Math.abs(bin.accuracy - bin.confidence));
  return (100 * gaps.reduce((sum, gap) => sum + gap, 0)) / samples;
}

/** Returns probabilities [samples, classes] after a temperature: softmax(log p / T). */
export function atTemperature(probabilities: Outputs, classes: number, temperature: number): Float64Array {
  const scaled = Float64Array.from(probabilities, (p) => logOf(p) / temperature);
  for (let row = 0; row < scaled.length; row += classes) {
    const own = scaled.subarray(row, row + classes);
    const top = own.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (const [c, value] of own.entries()) {
      own[c] = Math.exp(value - top);
      total += own[c];
    }
    for (const [c, value] of own.entries()) own[c] = value / total;
  }
  return scaled;
}
