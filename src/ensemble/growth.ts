import { combine, type Outputs, type Rule, type Targets } from './combine';
import { metrics, regressionMetrics } from './metrics';
import { kindOf, type LossName } from './task-kind';

/** Ensembles with a given number of members: means over them, and the best and the worst of each measure. */
export interface EnsembleOfSize {
  readonly members: number;
  /** Error in percent; for regression the root mean squared error. */
  readonly error: number;
  readonly errorBest: number;
  readonly errorWorst: number;
  readonly loss: number;
  readonly lossBest: number;
  readonly lossWorst: number;
}

/**
 * Returns the scores of ensembles of 1, 2, ... n networks, all members with equal weight: for each size those of
 * neighbours (members i, i+1, ..., in a ring), so that every member counts as often as any other.
 */
export function ensemblesBySize(outputs: readonly Outputs[], targets: Targets, loss: LossName): EnsembleOfSize[] {
  const ring = [...outputs.keys()];
  const rule: Rule = kindOf(loss) === 'numbers' ? 'mean' : 'meanSoftmax';
  return ring.map((index) => {
    const members = index + 1;
    const starts = members === ring.length ? [0] : ring; // the whole ring is a single ensemble
    const scores = starts.map((start) => {
      const chosen = Array.from({ length: members }, (_, step) => outputs[(start + step) % ring.length]);
      return scoreOf(combine(chosen, chosen[0].length / targets.length, rule), targets, loss);
    });
    const [error, value] = [scores.map((score) => score.error), scores.map((score) => score.loss)];
    return {
      members,
      error: mean(error),
      errorBest: Math.min(...error),
      errorWorst: Math.max(...error),
      loss: mean(value),
      lossBest: Math.min(...value),
      lossWorst: Math.max(...value),
    };
  });
}

function scoreOf(outputs: Outputs, targets: Targets, loss: LossName): { error: number; loss: number } {
  if (kindOf(loss) === 'numbers') {
    const { rmse, loss: squared } = regressionMetrics(outputs, targets);
    return { error: rmse, loss: squared };
  }
  const { errorPct, loss: entropy } = metrics(outputs, targets);
  return { error: errorPct, loss: entropy };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
