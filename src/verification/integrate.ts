import type { Executor } from '../executor/executor';
import { dataStream } from '../trust-tech/names';
import { GRADIENT } from '../trust-tech/space';

/**
 * Options of the integration of the gradient system: plain gradient descent on the whole training set, in small steps.
 */
export interface Integration {
  readonly steps: number;
  readonly stepSize: number;
  /** Number of positions of a trajectory that are kept, the first and last among them. */
  readonly keep: number;
  /** Weight decay with which the network was trained: it is part of the objective. */
  readonly weightDecay: number;
}

export interface Trajectory {
  /** Parameters on the way, the start first and the end last. */
  readonly positions: readonly Float32Array[];
  /** Training loss before the last step. */
  readonly loss: number;
}

/** Steps of one program: a program has a maximum length, and Ctrl-C acts between two programs. */
const PROGRAM = 5000;

/** Integrates dx/dt = -grad c(x) from a point, which moves to the trajectory's end. */
export async function integrate(executor: Executor, point: string, integration: Integration): Promise<Trajectory> {
  const { steps, stepSize, keep, weightDecay } = integration;
  const positions: Float32Array[] = [];
  let loss = Number.NaN;
  for (let start = 0; start < steps; start += PROGRAM) {
    const length = Math.min(PROGRAM, steps - start);
    const answer = await executor.descend({
      point,
      stream: dataStream('integration'),
      start,
      lr: new Float64Array(length).fill(stepSize),
      solver: { ...GRADIENT, weightDecay },
      capture: keptSteps(steps, keep, start, length),
    });
    positions.push(...answer.captured);
    loss = answer.loss[length - 1];
  }
  return { positions, loss };
}

/**
 * Returns the kept steps among the `length` steps from `start`, counted from it. They are denser at the beginning,
 * where a trajectory bends, and the last step is kept.
 */
function keptSteps(steps: number, keep: number, start: number, length: number): number[] {
  const all = Array.from({ length: keep }, (_, k) => Math.round((steps - 1) * (k / (keep - 1)) ** 2));
  return [...new Set(all)].filter((step) => step >= start && step < start + length).map((step) => step - start);
}
