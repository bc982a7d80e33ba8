import { DivergedError } from '../errors';
import type { MethodContext, Trace } from './method';

/** One stretch of training steps on a point. */
export interface Training {
  readonly point: string;
  /** Data stream, and the step of it to begin with. */
  readonly stream: string;
  readonly start?: number;
  readonly lr: Float64Array;
}

export interface Trained {
  /** First step, counted in this stretch, whose loss was not a finite number; null if all were. */
  readonly divergedAt: number | null;
  readonly trace: Trace;
}

/** Train a point with the configured local solver. */
export async function train({ executor, config }: MethodContext, training: Training): Promise<Trained> {
  const { point, stream, start = 0, lr } = training;
  const { loss } = await executor.descend({ point, stream, start, lr, solver: config.localSolver });
  const at = loss.findIndex((value) => !Number.isFinite(value));
  const step = Int32Array.from(lr, (_, index) => start + index);
  return { divergedAt: at < 0 ? null : at, trace: { name: `descent-${point}`, columns: { step, lr, loss } } };
}

/**
 * For a training whose network everything else needs.
 * @throws DivergedError if it diverged.
 */
export function mustConverge(what: string, { divergedAt }: Trained, lr: number): void {
  if (divergedAt === null) return;
  throw new DivergedError(
    `${what} diverged: the loss of its step ${divergedAt} is not a finite number; lower the learning rate (lr0 is ${lr})`,
  );
}
