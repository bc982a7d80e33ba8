/** Steps `from` to before `to` of a program, sent as one message. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

export interface PieceOptions {
  /** Number of steps a message; by default as many as take half a second. */
  readonly chunk?: number | undefined;
  /** Returns the steps of the next message in a resumed run's journal, or undefined; a promise if they are awaited. */
  readonly recorded?: (() => number | undefined | Promise<number | undefined>) | undefined;
  /** Number of messages of a program that may be unanswered at a time. Default 5. */
  readonly ahead?: number | undefined;
  /** Monotonic clock in ms. */
  readonly now?: (() => number) | undefined;
}

/** Target duration of a message: long enough to hide its overhead, short enough for progress and cancellation. */
const AIM_MS = 500;

/**
 * Cuts programs into messages by the measured time of a step. The cuts change no result, so that a clock may decide. A
 * resumed run is cut like its journal as far as that goes, since each command of the journal is one message.
 */
export class Pieces {
  readonly #options: PieceOptions;
  readonly #now: () => number;
  /** Number of messages that may be unanswered at a time. */
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
   * Performs a program in pieces, of which up to `ahead` are unanswered at a time. It stops after a failure.
   * @returns `sent`, which resolves when the last piece is sent and never rejects; and the answers in order
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

  /** Performs the next piece of the `left` steps. @returns its number of steps, and its answer */
  async next<T>(
    left: number,
    perform: (steps: number) => Promise<T>,
  ): Promise<{ readonly steps: number; readonly answer: Promise<T> }> {
    const recorded = this.#options.recorded?.();
    const fixed = recorded instanceof Promise ? await recorded : recorded; // a run with a worker never waits here
    const steps = this.#length(left, fixed);
    const answer = this.#timed(steps, perform(steps));
    answer.catch(() => {}); // the caller that awaits all answers gets the error
    return { steps, answer };
  }

  /** Returns at most twice the steps of the last piece: the first steps of a task take longer than the others. */
  #length(left: number, recorded: number | undefined): number {
    const fixed = recorded ?? this.#options.chunk;
    if (fixed !== undefined) return Math.min(left, fixed);
    const fitting = this.#msPerStep > 0 ? Math.floor(AIM_MS / this.#msPerStep) : Number.POSITIVE_INFINITY;
    this.#last = Math.max(1, Math.min(2 * this.#last, fitting));
    return Math.min(left, this.#last);
  }

  /** Measures a piece, which begins when it is sent, or when the one before it is answered if that is later. */
  async #timed<T>(steps: number, answer: Promise<T>): Promise<T> {
    const sent = this.#now();
    const value = await answer;
    const now = this.#now();
    this.#msPerStep = (now - Math.max(sent, this.#answered)) / steps;
    this.#answered = now;
    return value;
  }
}
