import { argmax, type Outputs, type Targets } from './combine';

/**
 * Scores of a classification beside its error, as scikit-learn defines them. Accuracy, F1 and error in percent; the area
 * under the curve from 0 to 1; null for scores that do not exist.
 */
export interface ClassScores {
  /** Mean over classes of the part of a class's samples that is recognised. */
  readonly balancedAccuracyPct: number | null;
  /** Unweighted mean of the F1 scores of all classes that occur among the true or the predicted ones. */
  readonly macroF1Pct: number | null;
  /** Part of the samples whose class is not among the five most probable; null for five classes or fewer. */
  readonly topFiveErrorPct: number | null;
  /** Mean over classes of the area under the ROC curve of one against the rest; null where a class has no sample. */
  readonly auc: number | null;
  /** Part of the samples whose labels are all right; absent for classes. */
  readonly subsetAccuracyPct?: number | null;
}

/** Returns the scores of probabilities [samples, classes] against the true classes [samples], at least one sample. */
export function classScores(probabilities: Outputs, targets: Targets): ClassScores {
  const classes = probabilities.length / targets.length;
  const [right, actual, predicted] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  for (const [sample, target] of targets.entries()) {
    const answer = argmax(probabilities, sample * classes, classes);
    actual[target] += 1;
    predicted[answer] += 1;
    if (answer === target) right[target] += 1;
  }
  const all = Array.from(right.keys());
  const recalls = all.filter((c) => actual[c] > 0).map((c) => right[c] / actual[c]);
  const f1 = all.filter((c) => actual[c] + predicted[c] > 0).map((c) => (2 * right[c]) / (actual[c] + predicted[c]));
  return {
    balancedAccuracyPct: 100 * mean(recalls),
    macroF1Pct: 100 * mean(f1),
    topFiveErrorPct: classes > TOP ? topErrorPct(probabilities, targets, classes) : null,
    auc: actual.includes(0) || classes < 2 ? null : mean(all.map((c) => areaOf(c, probabilities, targets, classes))),
  };
}

const TOP = 5;

/** Returns the part of the samples with five classes ahead of the true one; of equal probabilities the first is ahead. */
function topErrorPct(probabilities: Outputs, targets: Targets, classes: number): number {
  let missed = 0;
  for (const [sample, target] of targets.entries()) {
    const row = sample * classes;
    const own = probabilities[row + target];
    let ahead = 0;
    for (let c = 0; c < classes; c += 1) {
      const p = probabilities[row + c];
      if (p > own || (p === own && c < target)) ahead += 1;
    }
    if (ahead >= TOP) missed += 1;
  }
  return (100 * missed) / targets.length;
}

/**
 * Returns the area under the ROC curve of a class against the rest: the probability that one of its samples stands above one
 * of the others (Mann and Whitney 1947), where equals count half.
 */
export function areaOf(c: number, probabilities: Outputs, targets: Targets, classes: number): number {
  const others = new Float64Array(targets.length);
  let count = 0;
  for (const [sample, target] of targets.entries()) {
    if (target === c) continue;
    others[count] = probabilities[sample * classes + c];
    count += 1;
  }
  const sorted = others.subarray(0, count).sort();
  let above = 0;
  for (const [sample, target] of targets.entries()) {
    if (target !== c) continue;
    const own = probabilities[sample * classes + c];
    above += (countBelow(sorted, own, false) + countBelow(sorted, own, true)) / 2;
  }
  return above / (count * (targets.length - count));
}

/** Returns the number of sorted values below a value, or not above it, by bisection. */
function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
