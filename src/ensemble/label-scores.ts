import { confusion } from './class-errors';
import { areaOf, type ClassScores } from './class-scores';
import { argmax, type Outputs, type Targets } from './combine';

/** Decisions on one label, and their scores as scikit-learn defines them. */
export interface LabelScores {
  readonly samples: number;
  /** Number of samples that have the label. */
  readonly positives: number;
  readonly errors: number;
  /** In percent; 0 for a label that no sample has and none is given. */
  readonly f1Pct: number;
  /** From 0 to 1; null where all samples have the label, or none has it. */
  readonly auc: number | null;
}

/** Returns the scores of each label, of decisions [samples * labels, 2] against those that are right. */
export function scoresByLabel(decisions: Outputs, targets: Targets, labels: number): LabelScores[] {
  const samples = targets.length / labels;
  return Array.from({ length: labels }, (_, label) => {
    const own = new Float64Array(2 * samples);
    const truth = new Float64Array(samples);
    for (let sample = 0; sample < samples; sample += 1) {
      const row = sample * labels + label;
      own.set(decisions.subarray(2 * row, 2 * row + 2), 2 * sample);
      truth[sample] = targets[row];
    }
    return scoresOf(own, truth);
  });
}

function scoresOf(decisions: Outputs, truth: Targets): LabelScores {
  const [[rightly, given], [missed, found]] = confusion(decisions, truth);
  const [positives, samples] = [missed + found, truth.length];
  const either = 2 * found + given + missed;
  return {
    samples,
    positives,
    errors: given + missed,
    f1Pct: either === 0 ? 0 : (200 * found) / either,
    auc: positives === 0 || rightly + given === 0 ? null : areaOf(1, decisions, truth, 2),
  };
}

/**
 * Returns the scores of decisions [samples * labels, 2]: the part of the samples whose labels are all right, and the means
 * over labels of F1 and of the area under the ROC curve, which is null where one label has none.
 */
export function labelScores(decisions: Outputs, targets: Targets, labels: number): ClassScores {
  const all = scoresByLabel(decisions, targets, labels);
  const areas = all.flatMap(({ auc }) => auc ?? []);
  const samples = targets.length / labels;
  return {
    balancedAccuracyPct: null,
    macroF1Pct: mean(all.map(({ f1Pct }) => f1Pct)),
    topFiveErrorPct: null,
    auc: areas.length < labels ? null : mean(areas),
    subsetAccuracyPct: (100 * (samples - mistakenSamples(decisions, targets, labels))) / samples,
  };
}

/**
 * Returns the number of samples that have a wrong answer, of probabilities [samples * perSample, classes] against the true
 * classes.
 */
export function mistakenSamples(probabilities: Outputs, targets: Targets, perSample: number): number {
  const classes = probabilities.length / targets.length;
  const mistaken = new Set<number>();
  for (const [row, target] of targets.entries()) {
    if (argmax(probabilities, row * classes, classes) !== target) mistaken.add(Math.floor(row / perSample));
  }
  return mistaken.size;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
