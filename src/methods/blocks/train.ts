import { DivergedError } from '../../errors';
import type { Descent, DescentAnswer, ValidationPoint } from '../../executor/executor';
import { descentTrace, statisticsStream } from '../../trust-tech/names';
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
  /** Decay of the running average of the weights; without it none. */
  readonly ema?: number | undefined;
  /** By default the configured local solver. */
  readonly solver?: Solver | undefined;
}

export interface Trained {
  /** Step of this stretch at which the loss, or a parameter, stopped being a finite number; null if none did. */
  readonly divergedAt: number | null;
  readonly trace: Trace;
  /** Validation points of this stretch. */
  readonly validation: readonly ValidationPoint[];
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

/**
 * Train points that do not depend on each other, each by one whole descent. With `localSolver.ema` what it leaves is the
 * running average of its weights, with batch-norm statistics re-estimated; a diverged network stays as it is.
 */
export async function descendWhole(context: MethodContext, trainings: readonly TrainingPlan[]): Promise<Trained[]> {
  const { executor, config } = context;
  const { ema } = config.localSolver;
  if (ema === null) return trainAtOnce(context, trainings);
  const trained = await trainAtOnce(
    context,
    trainings.map((training) => ({ ...training, ema })),
  );
  for (const [k, { divergedAt }] of trained.entries()) {
    const { point } = trainings[k];
    if (divergedAt !== null) continue;
    await executor.takeAverage(point);
    await executor.reestimate(point, statisticsStream(point));
  }
  return trained;
}

function programOf({ point, stream, start = 0, lr, noise, ema, solver }: TrainingPlan, usual: Solver): Descent {
  const program = { point, stream, start, lr, ema, solver: solver ?? usual };
  return noise === undefined ? program : { ...program, noise };
}

function trainedBy(training: TrainingPlan, { loss, finite, validation }: DescentAnswer): Trained {
  const { point, start = 0, lr, noise } = training;
  const step = Int32Array.from(lr, (_, index) => start + index);
  const columns = { step, lr, loss, ...(noise !== undefined && { noise }), ...validationColumns(step, validation) };
  return { divergedAt: divergence(loss, finite), trace: { name: descentTrace(point), columns }, validation };
}

/** Columns of a trace whose cells are empty but in the rows of the steps after which the network was evaluated. */
function validationColumns(step: Int32Array, points: readonly ValidationPoint[]): Trace['columns'] {
  if (points.length === 0) return {};
  const after = new Map(points.map((point) => [point.step, point]));
  const column = (key: 'loss' | 'errorPct') => Array.from(step, (made) => after.get(made + 1)?.[key] ?? '');
  const losses = { validationLoss: column('loss') };
  return points[0].errorPct === null ? losses : { ...losses, validationErrorPct: column('errorPct') };
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

/** Joins the traces of one training's stretches; a stretch without validation points has no columns of them. */
export function joinedTraces(traces: readonly Trace[]): Trace {
  const keys = [...new Set(traces.flatMap(({ columns }) => Object.keys(columns)))];
  const cells = ({ columns }: Trace, key: string) => Array.from(columns.step, (_, i) => columns[key]?.[i] ?? '');
  const whole = keys.map((key) => [key, traces.flatMap((trace) => cells(trace, key))]);
  return { name: traces[0].name, columns: Object.fromEntries(whole) };
}
