import { ProtocolError } from '../errors';

/** Parameters that a program captures, put together from its pieces in the order in which they were asked for. */
export class Captures {
  readonly captured: Float32Array[];
  readonly #capture: readonly number[];
  readonly #parameters: number;

  /** @throws ProtocolError when a step to capture is not one of the program's */
  constructor(op: string, capture: readonly number[], steps: number, parameters: number) {
    const wrong = capture.find((step) => !Number.isInteger(step) || step < 0 || step >= steps);
    if (wrong !== undefined) throw new ProtocolError(`${op}: capture must name steps 0 to ${steps - 1}, got ${wrong}`);
    this.captured = capture.map(() => new Float32Array(0));
    this.#capture = capture;
    this.#parameters = parameters;
  }

  /** What falls into a piece: its places in the order asked for, and its steps, counted from the piece's first. */
  within(from: number, to: number): { places: number[]; steps: number[] } {
    const places = [...this.#capture.keys()].filter((place) => {
      const step = this.#capture[place];
      return step >= from && step < to;
    });
    return { places, steps: places.map((place) => this.#capture[place] - from) };
  }

  /** @param rows parameters [places, parameters] that a piece has answered */
  put(places: readonly number[], rows: Float32Array): void {
    for (const [row, place] of places.entries()) {
      this.captured[place] = rows.subarray(row * this.#parameters, (row + 1) * this.#parameters);
    }
  }
}
