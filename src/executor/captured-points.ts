import { ProtocolError } from '../errors';

/** Collects the parameters that a program captures from the answers of its pieces, in the order of the request. */
export class Captures {
  readonly captured: Float32Array[];
  readonly #capture: readonly number[];
  readonly #parameters: number;

  /** @throws ProtocolError when a step to capture is outside of the program */
  constructor(op: string, capture: readonly number[], steps: number, parameters: number) {
    const wrong = capture.find((step) => !Number.isInteger(step) || step < 0 || step >= steps);
    if (wrong !== undefined) throw new ProtocolError(`${op}: capture must name steps 0 to ${steps - 1}, got ${wrong}`);
    this.captured = capture.map(() => new Float32Array(0));
    this.#capture = capture;
    this.#parameters = parameters;
  }

  /** Returns the captures of a piece: their places in the request, and their steps, counted from the piece's first. */
  within(from: number, to: number): { places: number[]; steps: number[] } {
    const places = [...this.#capture.keys()].filter((place) => {
      const step = this.#capture[place];
      return step >= from && step < to;
    });
    return { places, steps: places.map((place) => this.#capture[place] - from) };
  }

  /** Stores the captures of a piece. @param rows parameters [places, parameters] from the piece's answer */
  put(places: readonly number[], rows: Float32Array): void {
    for (const [row, place] of places.entries()) {
      this.captured[place] = rows.subarray(row * this.#parameters, (row + 1) * this.#parameters);
    }
  }
}
