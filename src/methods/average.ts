import type { Executor } from '../executor/executor';
import { equalParts } from '../trust-tech/budget';
import type { MethodContext, Trace } from './method';
import { type Trained, type Training, train } from './train';

export interface AveragedTraining extends Omit<Training, 'solver' | 'noise'> {
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
  const { executor } = context;
  const { point, stream, start, lr, every } = training;
  const traces: Trace[] = [];
  let done = 0;
  let divergedAt: number | null = null;
  let average = start > 0 ? await takeIn(executor, point, null) : null;
  for (const steps of equalParts(lr.length, Math.max(1, Math.round(lr.length / every)))) {
    const trained = await train(context, { point, stream, start: start + done, lr: lr.subarray(done, done + steps) });
    if (trained.divergedAt !== null) divergedAt ??= done + trained.divergedAt;
    if (divergedAt === null) average = await takeIn(executor, point, average);
    traces.push(trained.trace);
    done += steps;
  }
  if (average !== null && divergedAt === null) {
    await executor.drop({ points: [point] });
    await executor.copyPoint(point, average.point);
    await executor.reestimate(point, `statistics/${point}`);
  }
  if (average !== null) await executor.drop({ points: [average.point] });
  return { divergedAt, trace: joined(traces) };
}

/** A point that is the average of so many weights. */
interface Average {
  readonly point: string;
  readonly count: number;
}

/** The average so far with a point's weights in it, as a new point; the one before it is dropped. */
async function takeIn(executor: Executor, point: string, before: Average | null): Promise<Average> {
  const count = (before?.count ?? 0) + 1;
  const after = { point: `${point}-average${count}`, count };
  if (before === null) {
    await executor.copyPoint(after.point, point);
  } else {
    const weights = Float64Array.of(before.count / count, 1 / count);
    await executor.averagePoints(after.point, [before.point, point], weights);
    await executor.drop({ points: [before.point] });
  }
  return after;
}

/** Traces of one training's stretches as one. */
function joined(traces: readonly Trace[]): Trace {
  const [{ name, columns }] = traces;
  const whole = Object.keys(columns).map((key) => [key, traces.flatMap((trace) => Array.from(trace.columns[key]))]);
  return { name, columns: Object.fromEntries(whole) };
}
