import type { Outputs, Targets } from './combine';
import { presentOf } from './decisions';
import { outputCorrelations } from './diversity';
import { logOf, meanLoss } from './metrics';
import { kindOf, type LossName } from './task-kind';

/** Outputs of candidates for the validation samples, one entry a candidate: the only data that a selection uses. */
export interface Validation {
  readonly outputs: readonly Outputs[];
  readonly targets: Targets;
  readonly loss: LossName;
}

export interface SelectionOptions {
  readonly rule: 'all' | 'best' | 'greedy' | 'diverse';
  /** Maximum number of members; for `greedy`: of picks. */
  readonly size: number;
  /** Only for `diverse`: how much higher than the best a loss may be, as a fraction of the best. */
  readonly tolerance: number;
}

/** Selected candidates, as indices in ascending order, and their weights; null if all weigh the same. */
export interface Selected {
  readonly members: readonly number[];
  readonly weights: readonly number[] | null;
}

/**
 * Selects an ensemble's members among candidates (at least one) by validation data.
 * - `all`: the paper's ensemble.
 * - `best`: those with the lowest validation losses.
 * - `greedy`: forward selection with repetition (Caruana et al. 2004).
 * - `diverse`: the best, then one by one the candidate within the tolerance that is least correlated with the chosen.
 * Among equal candidates the first is taken.
 */
export function select(validation: Validation, { rule, size, tolerance }: SelectionOptions): Selected {
  if (rule === 'greedy') return greedy(validation, size);
  const all = [...validation.outputs.keys()];
  if (rule === 'all') return { members: all, weights: null };
  const losses = validation.outputs.map((outputs) => meanLoss(outputs, validation.targets, validation.loss));
  const ranked = all.toSorted((a, b) => losses[a] - losses[b]);
  const chosen = rule === 'best' ? ranked.slice(0, size) : diverse(validation, ranked, losses, size, tolerance);
  return { members: chosen.toSorted((a, b) => a - b), weights: null };
}

/**
 * Selects greedily: in each round the candidate joins, again if need be, with which the mean of all picks has the
 * lowest loss; of the ensembles on the way, the one with the lowest loss is taken. A member weighs as much as it was
 * picked.
 */
function greedy(validation: Validation, size: number): Selected {
  const { targets, loss } = validation;
  const shown = validation.outputs.map((outputs) => whatCounts(outputs, targets, loss));
  const sum = new Float64Array(targets.length);
  const picks: number[] = [];
  let best = { loss: Number.POSITIVE_INFINITY, size: 1 };
  while (picks.length < size) {
    const count = picks.length + 1;
    const losses = shown.map((values) => lossOfMean(sum, values, count, targets, loss));
    const pick = losses.reduce((first, value, k) => (value < losses[first] ? k : first), 0);
    picks.push(pick);
    for (let i = 0; i < sum.length; i += 1) sum[i] += shown[pick][i];
    if (losses[pick] < best.loss) best = { loss: losses[pick], size: count };
  }
  const taken = picks.slice(0, best.size);
  const members = [...new Set(taken)].sort((a, b) => a - b);
  const weights = members.map((member) => taken.filter((pick) => pick === member).length / taken.length);
  return { members, weights };
}

/** Returns the only output of a sample on which its loss depends [samples]: the truth's probability, or the number. */
function whatCounts(outputs: Outputs, targets: Targets, loss: LossName): Float64Array {
  const perSample = outputs.length / targets.length;
  const isNumber = kindOf(loss) === 'numbers';
  const shown = new Float64Array(targets.length);
  for (let sample = 0; sample < shown.length; sample += 1) {
    shown[sample] = outputs[sample * perSample + (isNumber ? 0 : targets[sample])];
  }
  return shown;
}

/** Returns the loss of the mean of `count` picks: those summed already, and one more. */
function lossOfMean(sum: Float64Array, more: Float64Array, count: number, targets: Targets, loss: LossName): number {
  const isNumber = kindOf(loss) === 'numbers';
  let total = 0;
  for (let i = 0; i < sum.length; i += 1) {
    const mean = (sum[i] + more[i]) / count;
    total += isNumber ? (mean - targets[i]) ** 2 : -logOf(mean);
  }
  return total / sum.length;
}

/**
 * Selects among the candidates within the tolerance, ranked by loss: in each round the one farthest, in 1 - correlation
 * on average, from all chosen joins.
 */
function diverse(
  { outputs, loss }: Validation,
  ranked: readonly number[],
  losses: readonly number[],
  size: number,
  tolerance: number,
): number[] {
  const [best, ...rest] = ranked;
  const left = rest.filter((k) => losses[k] <= (1 + tolerance) * losses[best]);
  const correlations = outputCorrelations(kindOf(loss) === 'labels' ? outputs.map(presentOf) : outputs);
  const chosen = [best];
  // Constant outputs have no correlation: they count as adding nothing
  const distance = (k: number) => chosen.reduce((sum, other) => sum + 1 - (correlations[k][other] ?? 1), 0);
  while (chosen.length < size && left.length > 0) {
    const distances = left.map(distance);
    const farthest = distances.indexOf(Math.max(...distances));
    chosen.push(...left.splice(farthest, 1));
  }
  return chosen;
}
