import { SCHEDULES } from '../../schedules';
import { dataStream, tunedName } from '../../trust-tech/names';
import { type Candidate, isUsable, type MethodContext, type Trace } from '../method';
import { trainToBest } from './early-stopping';
import { inGroups } from './in-groups';

/**
 * Fine-tune copies of networks (section 4, table 1: 10 epochs a solution) at a low constant rate, on top of the budget: what
 * it costs is counted.
 */
export async function fineTune(
  context: MethodContext,
  candidates: readonly Candidate[],
): Promise<{ candidates: readonly Candidate[]; traces: readonly Trace[]; steps: number }> {
  const { executor, config } = context;
  const { epochs, lrTimes } = config.dspTt.fineTune;
  const steps = Math.max(1, Math.round(epochs * executor.task.stepsPerEpoch));
  const lr = SCHEDULES.constant(config.localSolver.lr * lrTimes, steps);
  const copies = candidates.filter(isUsable).map((of) => ({ of, name: tunedName(of.name), steps }));
  const trained = await inGroups(context, copies, async (group) => {
    for (const { name, of } of group) await executor.copyPoint(name, of.name);
    return trainToBest(
      context,
      group.map(({ name }) => ({ point: name, stream: dataStream(name), lr })),
    );
  });
  const tuned = copies.map(({ of, name }, k): Candidate => {
    const { divergedAt } = trained[k];
    return { ...of, name, state: divergedAt === null ? 'trained' : 'diverged', divergedAt };
  });
  return { candidates: tuned, traces: trained.map(({ trace }) => trace), steps: steps * tuned.length };
}
