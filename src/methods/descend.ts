import { SCHEDULES } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import type { Candidate, MethodContext, Trace } from './method';
import { train } from './train';

export interface Descents {
  readonly candidates: readonly Candidate[];
  readonly traces: readonly Trace[];
  /** Steps that were taken: all that were given, or none where there was no start. */
  readonly steps: number;
}

/**
 * The local solver from each of the starts, which lie in the executor as points: tier 0's schedule compressed to an equal
 * part of the steps, with fresh momentum. (The paper does not say; this is Garipov's schedule for a short training.)
 */
export async function descendFrom(
  context: MethodContext,
  starts: readonly Candidate[],
  steps: number,
): Promise<Descents> {
  const { schedule } = context.config.localSolver;
  const lr = context.config.localSolver.lr * context.config.dspTt.memberLrTimes;
  const shares = equalParts(steps, starts.length);
  const candidates: Candidate[] = [];
  const traces: Trace[] = [];
  for (const [k, start] of starts.entries()) {
    context.report({ type: 'phase', phase: start.name, steps: shares[k] });
    const rates = SCHEDULES[schedule](lr, shares[k]);
    const { divergedAt, trace } = await train(context, { point: start.name, stream: `data/${start.name}`, lr: rates });
    candidates.push({ ...start, state: divergedAt === null ? 'trained' : 'diverged', divergedAt });
    traces.push(trace);
  }
  return { candidates, traces, steps: starts.length > 0 ? steps : 0 };
}
