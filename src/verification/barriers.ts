import { UsageError } from '../errors';
import type { Session } from '../run/session/session';
import { barrierOf, segmentPositions } from '../trust-tech/barrier';
import { segmentStream } from '../trust-tech/names';
import { type FinishedRun, openRun } from './open-run';

/** Training loss along the straight segment between two networks of a run. */
export interface SegmentLoss {
  readonly from: string;
  readonly to: string;
  readonly positions: readonly number[];
  readonly loss: readonly number[];
  readonly barrier: number;
}

/**
 * Measures the training loss on the segment between every two networks of a run, with batch-norm statistics
 * re-estimated at each position. This is the check for deep networks, for which integration is too expensive.
 * @throws UsageError when the run has fewer than two networks; DataError when its model or data have changed;
 *   InterruptedError when the signal is aborted
 */
export async function measureBarriers(
  session: Session,
  run: FinishedRun,
  files: (member: string) => Promise<Uint8Array>,
  options: { readonly signal?: AbortSignal; readonly onSegment?: (done: number, of: number) => void },
): Promise<SegmentLoss[]> {
  const { result, config } = run;
  const names = result.members.filter(({ file }) => file !== null).map(({ name }) => name);
  if (names.length < 2) throw new UsageError('this run has fewer than two networks: there is no segment to measure');
  const executor = await openRun(session, run, options);
  for (const name of names) await executor.loadPoint(name, await files(name));
  const positions = segmentPositions(config.barrierPoints);
  const pairs = names.flatMap((to, k) => names.slice(0, k).map((from) => ({ from, to })));
  const measured: SegmentLoss[] = [];
  for (const { from, to } of pairs) {
    const loss = await executor.segment(from, to, positions, segmentStream(to), result.barriers?.every);
    measured.push({ from, to, positions: [...positions], loss: [...loss], barrier: barrierOf(loss) });
    options.onSegment?.(measured.length, pairs.length);
  }
  return measured;
}
