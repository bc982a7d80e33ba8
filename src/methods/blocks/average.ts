import type { Executor, ValidationPoint } from '../../executor/executor';
import { equalParts } from '../../trust-tech/budget';
import { averageName, statisticsStream } from '../../trust-tech/names';
import type { MethodContext, Trace } from '../method';
import { joinedTraces, type Trained, type TrainingPlan, trainAtOnce } from './train';

export interface AveragedTraining extends Omit<TrainingPlan, 'solver' | 'noise'> {
  /** Steps of the data stream that the point has made already: where there are some, its weights enter the average too. */
  readonly start: number;
  /** Steps between two weights that enter the average, about: they stand at equal distances, the last ones at the end. */
  readonly every: number;
}

/**
 * Train a point on, and leave in its place the equal average of its weights on the way (Izmailov et al. 2018, algorithm 1),
 * with batch-norm statistics re-estimated. After a divergence all steps are made, but the point stays the diverged network.
 */
export async function averageWhileTraining(context: MethodContext, training: AveragedTraining): Promise<Trained> {
  const [trained] = await averageWhileTrainingAll(context, [training]);
  return trained;
}

/** Averages several independent points, at the same time if the executor can. */
export async function averageWhileTrainingAll(
  context: MethodContext,
  trainings: readonly AveragedTraining[],
): Promise<Trained[]> {
  const { executor } = context;
  const averagings = trainings.map((training) => new Averaging(training));
  for (const averaging of averagings) await averaging.begin(executor);
  for (;;) {
    const going = averagings.filter(({ next }) => next !== null);
    if (going.length === 0) break;
    const stretches = going.flatMap(({ next }) => next ?? []);
    for (const [k, trained] of (await trainAtOnce(context, stretches)).entries())
      await going[k].take(executor, trained);
  }
  for (const averaging of averagings) await averaging.end(executor);
  return averagings.map(({ trained }) => trained);
}

/** A training whose weights are averaged, stretch by stretch. */
class Averaging {
  readonly #training: AveragedTraining;
  readonly #lengths: number[];
  readonly #traces: Trace[] = [];
  readonly #validation: ValidationPoint[] = [];
  #done = 0;
  #divergedAt: number | null = null;
  #average: Average | null = null;

  constructor(training: AveragedTraining) {
    const { lr, every } = training;
    this.#training = training;
    this.#lengths = equalParts(lr.length, Math.max(1, Math.round(lr.length / every)));
  }

  async begin(executor: Executor): Promise<void> {
    const { point, start } = this.#training;
    if (start > 0) this.#average = await takeIn(executor, point, null);
  }

  /** The stretch to be trained next; null after the last one. */
  get next(): TrainingPlan | null {
    const { point, stream, start, lr } = this.#training;
    const length = this.#lengths[this.#traces.length];
    if (length === undefined) return null;
    return { point, stream, start: start + this.#done, lr: lr.subarray(this.#done, this.#done + length) };
  }

  /** The stretch has been trained. */
  async take(executor: Executor, { divergedAt, trace, validation }: Trained): Promise<void> {
    if (divergedAt !== null) this.#divergedAt ??= this.#done + divergedAt;
    if (this.#divergedAt === null) this.#average = await takeIn(executor, this.#training.point, this.#average);
    this.#done += this.#lengths[this.#traces.length];
    this.#traces.push(trace);
    this.#validation.push(...validation);
  }

  async end(executor: Executor): Promise<void> {
    const { point } = this.#training;
    if (this.#average !== null && this.#divergedAt === null) {
      await executor.drop({ points: [point] });
      await executor.copyPoint(point, this.#average.point);
      await executor.reestimate(point, statisticsStream(point));
    }
    if (this.#average !== null) await executor.drop({ points: [this.#average.point] });
  }

  get trained(): Trained {
    return { divergedAt: this.#divergedAt, trace: joinedTraces(this.#traces), validation: this.#validation };
  }
}

/** A point that is the average of so many weights. */
interface Average {
  readonly point: string;
  readonly count: number;
}

/** The average so far with a point's weights in it, as a new point; the one before it is dropped. */
async function takeIn(executor: Executor, point: string, before: Average | null): Promise<Average> {
  const count = (before?.count ?? 0) + 1;
  const after = { point: averageName(point, count), count };
  if (before === null) {
    await executor.copyPoint(after.point, point);
  } else {
    const weights = Float64Array.of(before.count / count, 1 / count);
    await executor.averagePoints(after.point, [before.point, point], weights);
    await executor.drop({ points: [before.point] });
  }
  return after;
}
