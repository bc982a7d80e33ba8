import type { Executor } from '../executor/executor';
import { dataStream } from '../trust-tech/names';
import { GRADIENT } from '../trust-tech/space';

/** How the gradient system is integrated: plain gradient descent on the whole training set, in small steps. */
export interface Integration {
  readonly steps: number;
  readonly stepSize: number;
  /** Positions of a trajectory that are kept, the start among them. */
  readonly keep: number;
  /** The weight decay with which the network was trained: it belongs to the objective. */
  readonly weightDecay: number;
}

export interface Trajectory {
  /** Parameters on the way, the start first and the end last. */
  readonly positions: readonly Float32Array[];
  /** The training loss at the end, before the last step. */
  readonly loss: number;
}

/** Steps a program: none may be longer than a message allows, and Ctrl-C acts between two. */
const PROGRAM = 5000;

/** Integrate dx/dt = -grad c(x) from a point, which moves to where it leads. */
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

/** Which of the steps from `start` on are kept, denser at the beginning, where a trajectory bends; the last one is. */
function keptSteps(steps: number, keep: number, start: number, length: number): number[] {
  const all = Array.from({ length: keep }, (_, k) => Math.round((steps - 1) * (k / (keep - 1)) ** 2));
  return [...new Set(all)].filter((step) => step >= start && step < start + length).map((step) => step - start);
}
