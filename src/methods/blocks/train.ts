import { DivergedError } from '../../errors';
import type { Descent, DescentAnswer } from '../../executor/executor';
import { descentTrace } from '../../trust-tech/names';
import type { Solver } from '../../trust-tech/space';
import type { MethodContext, Trace } from '../method';

/** One stretch of training steps on a point. */
export interface TrainingPlan {
  readonly point: string;
  /** Data stream, and the step of it to begin with. */
  readonly stream: string;
  readonly start?: number;
  readonly lr: Float64Array;
  /** Standard deviation of the noise added to the gradient, one entry a step; without it none. */
  readonly noise?: Float64Array | undefined;
  /** By default the configured local solver. */
  readonly solver?: Solver | undefined;
}

export interface Trained {
  /** Step of this stretch at which the loss, or a parameter, stopped being a finite number; null if none did. */
  readonly divergedAt: number | null;
  readonly trace: Trace;
}

/** Train a point. */
export async function train(context: MethodContext, training: TrainingPlan): Promise<Trained> {
  const [trained] = await trainAtOnce(context, [training]);
  return trained;
}

/** Train points that do not depend on each other, at once where the executor does so. */
export async function trainAtOnce(
  { executor, config }: MethodContext,
  trainings: readonly TrainingPlan[],
): Promise<Trained[]> {
  const programs = trainings.map((training) => programOf(training, config.localSolver));
  const answers = await executor.descendAll(programs);
  return trainings.map((training, k) => trainedBy(training, answers[k]));
}

function programOf({ point, stream, start = 0, lr, noise, solver }: TrainingPlan, usual: Solver): Descent {
  const program = { point, stream, start, lr, solver: solver ?? usual };
  return noise === undefined ? program : { ...program, noise };
}

function trainedBy({ point, start = 0, lr, noise }: TrainingPlan, { loss, finite }: DescentAnswer): Trained {
  const step = Int32Array.from(lr, (_, index) => start + index);
  const columns = { step, lr, loss };
  return {
    divergedAt: divergence(loss, finite),
    trace: { name: descentTrace(point), columns: noise === undefined ? columns : { ...columns, noise } },
  };
}

/** The first step whose loss is not a finite number; the last one where only the parameters after it are not. */
function divergence(loss: Float32Array, finite: boolean): number | null {
  const at = loss.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) return at;
  return finite ? null : loss.length - 1;
}

/**
 * For a training whose network everything else needs.
 * @throws DivergedError if it diverged.
 */
export function mustConverge(what: string, { divergedAt }: Pick<Trained, 'divergedAt'>, lr: number): void {
  if (divergedAt === null) return;
  throw new DivergedError(
    `${what} diverged: at its step ${divergedAt} the loss or a parameter is not a finite number; lower the learning rate (lr0 is ${lr})`,
  );
}
