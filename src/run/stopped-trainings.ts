import type { MethodOutcome } from '../methods/method';
import type { StoppedTraining } from '../trust-tech/events';
import { TIER0 } from '../trust-tech/names';

/** Trainings that a notice names. */
const NAMED = 3;

/** Takes from a method's spent steps those that its stopped trainings have not made, and says so. */
export function withoutUnused(outcome: MethodOutcome, stopped: readonly StoppedTraining[]): MethodOutcome {
  if (stopped.length === 0) return outcome;
  const { steps, tier0, search } = outcome.spent;
  const unused = unusedSteps(stopped);
  const unusedTier0 = unusedSteps(stopped.filter(({ network }) => network === TIER0));
  return {
    ...outcome,
    spent: { steps: steps - unused, tier0: tier0 - unusedTier0, search },
    stopped: [...stopped],
    notices: [...(outcome.notices ?? []), noticeOf(stopped, unused, steps)],
  };
}

/** Returns the number of steps that stopped trainings have not made. */
export function unusedSteps(stopped: readonly StoppedTraining[]): number {
  return stopped.reduce((sum, { steps, planned }) => sum + planned - steps, 0);
}

function noticeOf(stopped: readonly StoppedTraining[], unused: number, steps: number): string {
  const named = stopped
    .slice(0, NAMED)
    .map(({ network, steps: made, planned, kept }) => `${network} after ${made} of ${planned} steps (kept: ${kept})`);
  const more = stopped.length > NAMED ? ` and ${stopped.length - NAMED} more` : '';
  return `early stopping ended ${named.join(', ')}${more}; ${unused} of ${steps} steps were not used`;
}
