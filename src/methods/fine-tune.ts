import { SCHEDULES } from '../schedules';
import { type Candidate, isUsable, type MethodContext, type Trace } from './method';
import { train } from './train';

/**
 * Fine-tune copies of networks (section 4, table 1: 10 epochs a solution) at a low constant rate, on top of the budget: what
 * it costs is counted. The copies are named after theirs, `tier1-2-tuned`.
 */
export async function fineTune(
  context: MethodContext,
  candidates: readonly Candidate[],
): Promise<{ candidates: readonly Candidate[]; traces: readonly Trace[]; steps: number }> {
  const { executor, config, report } = context;
  const { epochs, lrTimes } = config.dspTt.fineTune;
  const steps = Math.max(1, Math.round(epochs * executor.task.stepsPerEpoch));
  const tuned: Candidate[] = [];
  const traces: Trace[] = [];
  for (const candidate of candidates.filter(isUsable)) {
    const name = `${candidate.name}-tuned`;
    report({ type: 'phase', phase: name, steps });
    await executor.copyPoint(name, candidate.name);
    const lr = SCHEDULES.constant(config.localSolver.lr * lrTimes, steps);
    const { divergedAt, trace } = await train(context, { point: name, stream: `data/${name}`, lr });
    tuned.push({ ...candidate, name, state: divergedAt === null ? 'trained' : 'diverged', divergedAt });
    traces.push(trace);
  }
  return { candidates: tuned, traces, steps: steps * tuned.length };
}
