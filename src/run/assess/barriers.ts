import type { Config } from '../../config/schema';
import type { Executor, Task } from '../../executor/executor';
import { isUsable, type MethodOutcome } from '../../methods/method';
import { finite } from '../../store/result';
import { barrierOf, segmentPositions } from '../../trust-tech/barrier';
import { segmentStream } from '../../trust-tech/names';
import { CHEAP_BARRIERS } from '../durable/flags';

/** Part of the training's forward passes that measuring barriers may take. */
const SHARE = 0.1;

/** Forward passes that a training step counts as: its backward pass takes about two. */
const PASSES_A_STEP = 3;

/** Loss barriers that a run measures. */
export interface BarrierPlan {
  readonly which: 'all' | 'parent' | 'none';
  readonly segments: number;
  /** One in so many training samples is measured: 1 takes all of them. */
  readonly every: number;
}

/** The settings that decide on barriers. */
export type BarrierSettings = Pick<Config, 'barriers' | 'pairBarriers' | 'barrierPoints' | 'batchSize'>;

/**
 * Plans a run's barriers: so few training samples that they take at most a tenth of the forward passes of its training,
 * counted and not timed, so that a resumed run plans the same. A point of a segment takes two passes over the samples, one
 * for its batch-norm statistics and one for its loss. One batch at least is measured.
 * @param flags behaviour flags of the run; without `CHEAP_BARRIERS` all samples are measured
 */
export function planBarriers(
  { candidates, spent }: Pick<MethodOutcome, 'candidates' | 'spent'>,
  { barriers, pairBarriers, barrierPoints, batchSize }: BarrierSettings,
  { samples, stepsPerEpoch }: Pick<Task, 'samples' | 'stepsPerEpoch'>,
  flags: readonly number[],
): BarrierPlan {
  const which = barriers ?? (pairBarriers ? 'all' : 'parent');
  const networks = candidates.filter(isUsable);
  const toParents = which === 'none' ? 0 : networks.filter(({ parent }) => parent !== null).length;
  const segments = toParents + (which === 'all' ? (networks.length * (networks.length - 1)) / 2 : 0);
  if (segments === 0 || !flags.includes(CHEAP_BARRIERS)) return { which, segments, every: 1 };
  const isGiven = networks.some(({ state }) => state === 'given');
  const steps = spent.steps - (isGiven ? spent.tier0 : 0);
  const training = steps * PASSES_A_STEP * (batchSize === 'full' ? samples.train : batchSize);
  const measured = Math.floor((SHARE * training) / (segments * barrierPoints * 2)); // samples
  return { which, segments, every: Math.min(stepsPerEpoch, Math.max(1, Math.ceil(samples.train / measured))) };
}

/** Measures the loss barrier between two networks; null if it is not a finite number. */
export type MeasureBarrier = (from: string, to: string) => Promise<number | null>;

/** Returns what measures the barriers of a plan, and calls `onBarrier` before the first and after each. */
export function barrierMeter(
  executor: Executor,
  { segments, every }: BarrierPlan,
  points: number,
  onBarrier: (done: number, of: number) => void,
): MeasureBarrier {
  let done = 0;
  if (segments > 0) onBarrier(done, segments);
  return async (from, to) => {
    const loss = await executor.segment(from, to, segmentPositions(points), segmentStream(to), every);
    done += 1;
    onBarrier(done, segments);
    return finite(barrierOf(loss));
  };
}
