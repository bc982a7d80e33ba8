import { SCHEDULES } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { averageWhileTraining } from './average';
import type { Candidate, MethodContext, Trace } from './method';
import { train } from './train';

export interface Descents {
  readonly candidates: readonly Candidate[];
  readonly traces: readonly Trace[];
}

/**
 * The local solver from each of the starts, which lie in the executor as points: tier 0's schedule compressed to an equal
 * part of the steps, with fresh momentum. (The paper does not say; this is Garipov's schedule for a short training.) With
 * `dspTt.averageMembers` the last part of each descent, as `swa` says, ends in the average of its weights.
 */
export async function descendFrom(
  context: MethodContext,
  starts: readonly Candidate[],
  steps: number,
): Promise<Descents> {
  const shares = equalParts(steps, starts.length);
  const candidates: Candidate[] = [];
  const traces: Trace[] = [];
  for (const [k, start] of starts.entries()) {
    context.report({ type: 'phase', phase: start.name, steps: shares[k] });
    const { divergedAt, traces: more } = await descend(context, start.name, shares[k]);
    candidates.push({ ...start, state: divergedAt === null ? 'trained' : 'diverged', divergedAt });
    traces.push(...more);
  }
  return { candidates, traces };
}

async function descend(context: MethodContext, point: string, steps: number) {
  const { localSolver, dspTt, swa } = context.config;
  const lr = localSolver.lr * dspTt.memberLrTimes;
  const rates = SCHEDULES[localSolver.schedule](lr, steps);
  const stream = `data/${point}`;
  const before = dspTt.averageMembers ? Math.floor(steps * swa.start) : steps;
  const traces: Trace[] = [];
  let early: number | null = null;
  if (before > 0) {
    const { divergedAt, trace } = await train(context, { point, stream, lr: rates.subarray(0, before) });
    traces.push(trace);
    if (before === steps) return { divergedAt, traces };
    early = divergedAt;
  }
  const every = Math.max(1, Math.round(swa.everyEpochs * context.executor.task.stepsPerEpoch));
  const constant = SCHEDULES.constant(lr * swa.lrTimes, steps - before);
  const averaged = await averageWhileTraining(context, { point, stream, start: before, lr: constant, every });
  traces.push({ ...averaged.trace, name: `${averaged.trace.name}-averaged` });
  const late = averaged.divergedAt === null ? null : before + averaged.divergedAt;
  return { divergedAt: early ?? late, traces };
}
