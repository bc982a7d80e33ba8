import type { Executor, ValidationPoint } from '../../executor/executor';
import type { StoppedTraining } from '../../trust-tech/events';
import { bestName } from '../../trust-tech/names';
import type { MethodContext, Trace } from '../method';
import { descendWhole, joinedTraces, type Trained, type TrainingPlan, trainAtOnce } from './train';

/**
 * Trains points that do not depend on each other, from their first steps on. With early stopping, each training ends
 * when `patience` validation points have not lowered its loss by more than `minDelta`; its point is then the network of
 * its best validation point. A training that does not end early keeps its last network.
 */
export async function trainToBest(context: MethodContext, trainings: readonly WholeTraining[]): Promise<Trained[]> {
  const { executor, config, report } = context;
  const { patience, minDelta } = config.localSolver.earlyStopping;
  const every = executor.task.validateEvery;
  if (patience === null || every === null) return descendWhole(context, trainings);
  const stoppings = trainings.map((training) => new Stopping(training, { every, patience, minDelta }));
  for (;;) {
    const going = stoppings.filter(({ next }) => next !== null);
    if (going.length === 0) break;
    const stretches = going.flatMap(({ next }) => next ?? []);
    for (const [k, trained] of (await trainAtOnce(context, stretches)).entries())
      await going[k].take(executor, trained);
  }
  for (const stopping of stoppings) await stopping.end(executor);
  for (const { stopped } of stoppings) if (stopped !== null) report({ type: 'stopped', training: stopped });
  return stoppings.map(({ trained }) => trained);
}

/** A training that begins with the first step of its data stream, without noise. */
type WholeTraining = Omit<TrainingPlan, 'start' | 'noise'>;

interface Patience {
  /** Steps between two validation points. */
  readonly every: number;
  /** Points without a lower loss after which the training ends. */
  readonly patience: number;
  readonly minDelta: number;
}

/** A training in stretches from one validation point to the next. */
class Stopping {
  readonly #training: WholeTraining;
  readonly #rules: Patience;
  readonly #traces: Trace[] = [];
  readonly #validation: ValidationPoint[] = [];
  #done = 0;
  #divergedAt: number | null = null;
  #best: ValidationPoint | null = null;
  #inVain = 0;

  constructor(training: WholeTraining, rules: Patience) {
    this.#training = training;
    this.#rules = rules;
  }

  /** The stretch to be trained next; null after the last one. */
  get next(): TrainingPlan | null {
    const { lr } = this.#training;
    if (this.#done === lr.length || this.#hasStopped) return null;
    return { ...this.#training, start: this.#done, lr: lr.subarray(this.#done, this.#done + this.#rules.every) };
  }

  /** Takes in the stretch that has been trained. */
  async take(executor: Executor, { divergedAt, trace, validation }: Trained): Promise<void> {
    if (divergedAt !== null) this.#divergedAt ??= this.#done + divergedAt;
    this.#done += trace.columns.lr.length;
    this.#traces.push(trace);
    this.#validation.push(...validation);
    for (const point of validation) await this.#judge(executor, point);
  }

  async #judge(executor: Executor, point: ValidationPoint): Promise<void> {
    const bar = this.#best === null ? Number.POSITIVE_INFINITY : this.#best.loss - this.#rules.minDelta;
    if (!(point.loss < bar)) {
      if (this.#best !== null) this.#inVain += 1;
      return;
    }
    this.#inVain = 0;
    const copy = bestName(this.#training.point);
    if (this.#best !== null) await executor.drop({ points: [copy] });
    await executor.copyPoint(copy, this.#training.point);
    this.#best = point;
  }

  /** Leaves the network of the best point in the place of a training that has ended early. */
  async end(executor: Executor): Promise<void> {
    const { point } = this.#training;
    if (this.stopped !== null) {
      await executor.drop({ points: [point] });
      await executor.copyPoint(point, bestName(point));
    }
    if (this.#best !== null) await executor.drop({ points: [bestName(point)] });
  }

  /** A diverged training makes all its steps, as it does without early stopping. */
  get #hasStopped(): boolean {
    return this.#inVain >= this.#rules.patience && this.#divergedAt === null;
  }

  /** The early end of the training; null if it made all its steps. */
  get stopped(): StoppedTraining | null {
    const { point: network, lr } = this.#training;
    const isEarly = this.#hasStopped && this.#done < lr.length;
    if (!isEarly || this.#best === null) return null;
    return { network, steps: this.#done, planned: lr.length, kept: this.#best.step };
  }

  get trained(): Trained {
    return { divergedAt: this.#divergedAt, trace: joinedTraces(this.#traces), validation: this.#validation };
  }
}
