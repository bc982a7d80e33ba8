import { ProtocolError } from '../errors';
import type { Solver } from '../trust-tech/space';
import { Captures } from './captured-points';
import type { Descent, DescentAnswer } from './executor';
import type { Piece } from './program-cutter';

/** What of a worker's answer belongs to a descent. */
export interface PieceAnswer {
  readonly loss: Float32Array;
  readonly finite: boolean;
  readonly captured: Float32Array;
}

/** A descent that is made piece by piece: what to ask for each, and the answer that they make together. */
export class PendingDescent {
  readonly steps: number;
  readonly program: Descent;
  readonly loss: Float32Array;
  readonly #noise: Float64Array;
  readonly #captures: Captures;
  #finite = true;

  /** @throws ProtocolError when the program's parts do not fit each other */
  constructor(program: Descent, parameters: number) {
    const { lr, noise = new Float64Array(0), capture = [] } = program;
    checkNoise(noise, lr.length);
    this.steps = lr.length;
    this.program = program;
    this.loss = new Float32Array(lr.length);
    this.#noise = noise;
    this.#captures = new Captures('descend', capture, lr.length, parameters);
  }

  /** Whether it is nothing but training steps. */
  get isPlain(): boolean {
    return this.#noise.length === 0 && this.#captures.captured.length === 0;
  }

  /** The operation `descend` for a piece. */
  request({ from, to }: Piece) {
    const { point, stream, start, lr, solver } = this.program;
    const schedules = { lr: lr.subarray(from, to), noise: this.#noise.subarray(from, to) };
    const { steps } = this.#captures.within(from, to);
    return { point, stream, solver: solverOf(solver), ...schedules, start: start + from, capture: steps };
  }

  /** Put in what a piece has answered; pieces come in order. */
  take({ from, to }: Piece, { loss, finite, captured }: PieceAnswer): void {
    this.loss.set(loss, from);
    this.#captures.put(this.#captures.within(from, to).places, captured);
    this.#finite = finite;
  }

  /** Once the last piece has been put in. */
  get answer(): DescentAnswer {
    return { loss: this.loss, finite: this.#finite, captured: this.#captures.captured };
  }
}

function checkNoise(noise: Float64Array, steps: number): void {
  if (noise.length === 0 || noise.length === steps) return;
  throw new ProtocolError(
    `descend: noise must be empty or have an entry a step, got ${noise.length} for ${steps} steps`,
  );
}

/** The solver alone: what is given may have more keys, such as a learning rate's schedule. */
export function solverOf({ solver, momentum, nesterov, weightDecay, beta1, beta2, epsilon }: Solver): Solver {
  return { solver, momentum, nesterov, weightDecay, beta1, beta2, epsilon };
}
