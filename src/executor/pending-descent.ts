import { ProtocolError } from '../errors';
import type { Solver } from '../trust-tech/space';
import { Captures } from './captured-points';
import type { Descent, DescentAnswer, Task, ValidationPoint } from './executor';
import type { Piece } from './program-cutter';
import { pointsAfter } from './validation-points';

/** The part of a worker's answer that belongs to one descent. */
export interface PieceAnswer {
  readonly loss: Float32Array;
  readonly finite: boolean;
  readonly captured: Float32Array;
  readonly validation: readonly Omit<ValidationPoint, 'step'>[];
}

/** A descent that is performed in pieces: builds the request of each piece and combines their answers. */
export class PendingDescent {
  readonly steps: number;
  readonly program: Descent;
  readonly loss: Float32Array;
  readonly #noise: Float64Array;
  readonly #captures: Captures;
  readonly #validateEvery: number | null;
  readonly #validation: ValidationPoint[] = [];
  #finite = true;

  /** @throws ProtocolError when the noise has another length than the rates, or a captured step is out of range */
  constructor(program: Descent, { parameters, validateEvery }: Pick<Task, 'parameters' | 'validateEvery'>) {
    const { lr, noise = new Float64Array(0), capture = [] } = program;
    checkNoise(noise, lr.length);
    this.steps = lr.length;
    this.program = program;
    this.loss = new Float32Array(lr.length);
    this.#noise = noise;
    this.#validateEvery = validateEvery;
    this.#captures = new Captures('descend', capture, lr.length, parameters);
  }

  /** True if the descent has neither noise nor captures. */
  get isPlain(): boolean {
    return this.#noise.length === 0 && this.#captures.captured.length === 0;
  }

  /** Returns the arguments of the operation `descend` for a piece. */
  request({ from, to }: Piece) {
    const { point, stream, start, lr, solver, ema } = this.program;
    const schedules = { lr: lr.subarray(from, to), noise: this.#noise.subarray(from, to) };
    const { steps } = this.#captures.within(from, to);
    const validation = this.#validateEvery === null ? {} : { validateEvery: this.#validateEvery };
    return {
      point,
      stream,
      solver: solverOf(solver),
      ...schedules,
      start: start + from,
      capture: steps,
      ...emaOf(ema),
      ...validation,
    };
  }

  /** Stores the answer of a piece; pieces must come in order. @returns its validation points */
  take({ from, to }: Piece, { loss, finite, captured, validation }: PieceAnswer): readonly ValidationPoint[] {
    const points = pointsAfter(this.program.start + from, this.#validateEvery, validation);
    this.#validation.push(...points);
    this.loss.set(loss, from);
    this.#captures.put(this.#captures.within(from, to).places, captured);
    this.#finite = finite;
    return points;
  }

  /** The combined answer, complete after the last piece. */
  get answer(): DescentAnswer {
    const [captured, validation] = [this.#captures.captured, this.#validation];
    return { loss: this.loss, finite: this.#finite, captured, validation };
  }
}

function checkNoise(noise: Float64Array, steps: number): void {
  if (noise.length === 0 || noise.length === steps) return;
  throw new ProtocolError(
    `descend: noise must be empty or have an entry a step, got ${noise.length} for ${steps} steps`,
  );
}

/** Returns a running average for the wire; nothing without one, as in versions that had none. */
export function emaOf(ema: number | undefined): { readonly ema?: number } {
  return ema === undefined ? {} : { ema };
}

/**
 * Returns the solver's keys only: the argument may have more, such as a learning rate's schedule. Without clipping it is the
 * solver of versions that had none.
 */
export function solverOf({ solver, momentum, nesterov, weightDecay, beta1, beta2, epsilon, clipNorm }: Solver): Solver {
  const known = { solver, momentum, nesterov, weightDecay, beta1, beta2, epsilon };
  return typeof clipNorm === 'number' ? { ...known, clipNorm } : known;
}
