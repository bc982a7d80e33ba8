/** Steps `from`, `from + 1`, ... before `to` of a program, which go out as one message. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

export interface PieceOptions {
  /** Steps a message; by default as many as take half a second. */
  readonly chunk?: number | undefined;
  /** Steps of the message that a resumed run's journal has next; undefined where it has none. A promise where that is awaited. */
  readonly recorded?: (() => number | undefined | Promise<number | undefined>) | undefined;
  /** Messages of a program that may wait for their answers. Default 5. */
  readonly ahead?: number | undefined;
  /** A clock that nobody sets, in ms. */
  readonly now?: (() => number) | undefined;
}

/** Long enough that a message costs nothing beside its steps, short enough that progress shows and a cancel acts. */
const AIM_MS = 500;

/**
 * Cuts programs into messages by how long steps take. Where the cuts are changes no result, so a clock may say; a resumed
 * run is cut as its journal says as far as that goes, since a command of the journal is one message.
 */
export class Pieces {
  readonly #options: PieceOptions;
  readonly #now: () => number;
  /** Messages that may wait for their answers. */
  readonly ahead: number;
  #msPerStep = 0;
  #last = 0;
  #answered = 0;

  constructor(options: PieceOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.ahead = options.ahead ?? 5;
  }

  /**
   * Perform a program piece by piece, a few ahead of their answers, the first one at once. After a failure no further one
   * is performed.
   * @returns what is fulfilled, never rejected, once the last piece is out; and the answers in order
   */
  send<T>(steps: number, perform: (piece: Piece) => Promise<T>): { sent: Promise<void>; answers: Promise<T[]> } {
    const answers: Promise<T>[] = [];
    const sendAll = async () => {
      for (let from = 0; from < steps; ) {
        const first = from;
        const piece = await this.next(steps - from, (length) => perform({ from: first, to: first + length }));
        answers.push(piece.answer);
        from += piece.steps;
        if (from < steps) await answers.at(-this.ahead);
      }
    };
    const sent = sendAll().catch(() => {});
    return { sent, answers: sent.then(() => Promise.all(answers)) };
  }

  /** Perform the next piece of the steps that are left. @returns how many it has, and its answer */
  async next<T>(
    left: number,
    perform: (steps: number) => Promise<T>,
  ): Promise<{ readonly steps: number; readonly answer: Promise<T> }> {
    const recorded = this.#options.recorded?.();
    const fixed = recorded instanceof Promise ? await recorded : recorded; // a run that is live never waits here
    const steps = this.#length(left, fixed);
    const answer = this.#timed(steps, perform(steps));
    answer.catch(() => {}); // whoever waits for all the answers hears of it
    return { steps, answer };
  }

  /** At most twice as many steps as the last piece had: the first steps of a task take longer than the others. */
  #length(left: number, recorded: number | undefined): number {
    const fixed = recorded ?? this.#options.chunk;
    if (fixed !== undefined) return Math.min(left, fixed);
    const fitting = this.#msPerStep > 0 ? Math.floor(AIM_MS / this.#msPerStep) : Number.POSITIVE_INFINITY;
    this.#last = Math.max(1, Math.min(2 * this.#last, fitting));
    return Math.min(left, this.#last);
  }

  /** A piece begins when it is sent, or when the one before it has its answer. */
  async #timed<T>(steps: number, answer: Promise<T>): Promise<T> {
    const sent = this.#now();
    const value = await answer;
    const now = this.#now();
    this.#msPerStep = (now - Math.max(sent, this.#answered)) / steps;
    this.#answered = now;
    return value;
  }
}
