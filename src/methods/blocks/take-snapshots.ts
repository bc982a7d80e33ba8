import { ConfigError, DivergedError } from '../../errors';
import { dataStream, initStream, memberName, stretchTrace, TIER0, TRAINING } from '../../trust-tech/names';
import type { Solver } from '../../trust-tech/space';
import { type Candidate, isUsable, type MethodContext, type Trace, trainedCandidate } from '../method';
import { train } from './train';

/** Consecutive steps of one training, and whether the network is taken as a member at their end. */
export interface ScheduleStretch {
  readonly lr: Float64Array;
  /** Standard deviation of the noise added to the gradient, one entry a step; without it none. */
  readonly noise?: Float64Array;
  readonly take: boolean;
}

/**
 * One training from tier 0's initialisation and on its data, with members taken on the way. After a divergence the
 * members still to come are marked diverged.
 * @throws ConfigError when the budget leaves a member no step; DivergedError when it diverges before the first member.
 */
export async function takeSnapshots(
  context: MethodContext,
  stretches: readonly ScheduleStretch[],
  solver?: Solver,
): Promise<{ candidates: Candidate[]; traces: Trace[] }> {
  const { executor, report } = context;
  const steps = stretches.reduce((sum, { lr }) => sum + lr.length, 0);
  checkSteps(steps, stretches);
  report({ type: 'phase', phase: TRAINING, steps });
  await executor.newPoint(TRAINING, initStream(TIER0));
  const candidates: Candidate[] = [];
  const traces: Trace[] = [];
  let start = 0;
  let divergedAt: number | null = null;
  for (const { lr, noise, take } of stretches.filter((stretch) => stretch.lr.length > 0)) {
    const trained = await train(context, { point: TRAINING, stream: dataStream(TIER0), start, lr, noise, solver });
    traces.push({ ...trained.trace, name: stretchTrace(traces.length + 1) });
    if (trained.divergedAt !== null) divergedAt ??= start + trained.divergedAt;
    start += lr.length;
    if (!take) continue;
    const member = trainedCandidate(memberName(candidates.length + 1), divergedAt);
    if (isUsable(member)) await executor.copyPoint(member.name, TRAINING);
    candidates.push(member);
    report({ type: 'trained', network: member.name, divergedAt });
  }
  await executor.drop({ points: [TRAINING] });
  if (candidates.some(isUsable)) return { candidates, traces };
  throw new DivergedError(
    `the training diverged at step ${divergedAt}, before its first member; lower the learning rate`,
  );
}

function checkSteps(steps: number, stretches: readonly ScheduleStretch[]): void {
  const taken = stretches.filter(({ take }) => take);
  if (taken.every(({ lr }) => lr.length > 0)) return;
  throw new ConfigError(
    `budget of ${steps} steps is too small: it leaves less than a step for each of ${taken.length} members`,
  );
}
