import { DivergedError } from '../errors';
import { type Candidate, isUsable, type MethodContext, type Trace, trainedCandidate } from './method';
import { train } from './train';

const TRAINING = 'training';

/** Consecutive steps of one training, and whether the network is taken as a member at their end. */
export interface Stretch {
  readonly lr: Float64Array;
  readonly take: boolean;
}

/**
 * One training from tier 0's initialisation and on its data, with members taken on the way. After a divergence the
 * members still to come are marked diverged.
 * @throws DivergedError when it diverges before the first member.
 */
export async function takeSnapshots(
  context: MethodContext,
  stretches: readonly Stretch[],
): Promise<{ candidates: Candidate[]; traces: Trace[] }> {
  const { executor, report } = context;
  const steps = stretches.reduce((sum, { lr }) => sum + lr.length, 0);
  report({ type: 'phase', phase: TRAINING, steps });
  await executor.newPoint(TRAINING, 'init/tier0');
  const candidates: Candidate[] = [];
  const traces: Trace[] = [];
  let start = 0;
  let divergedAt: number | null = null;
  for (const [k, { lr, take }] of stretches.entries()) {
    const trained = await train(context, { point: TRAINING, stream: 'data/tier0', start, lr });
    traces.push({ ...trained.trace, name: `${trained.trace.name}-${k + 1}` });
    if (trained.divergedAt !== null) divergedAt ??= start + trained.divergedAt;
    start += lr.length;
    if (!take) continue;
    const member = trainedCandidate(`member${candidates.length + 1}`, divergedAt);
    if (isUsable(member)) await executor.copyPoint(member.name, TRAINING);
    candidates.push(member);
  }
  await executor.drop({ points: [TRAINING] });
  if (candidates.some(isUsable)) return { candidates, traces };
  throw new DivergedError(
    `the training diverged at step ${divergedAt}, before its first member; lower the learning rate`,
  );
}
