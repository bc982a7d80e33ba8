import { once } from 'node:events';
import { type PythonProgram, startPythonProgram } from '../bridge/workers/python-program';
import { InterruptedError, WorkerError } from '../errors';
import type { Line } from './lines';
import type { TrackerTarget } from './target';

/** Bytes waiting for a tracker beyond which it has failed to keep up. */
const MOST_WAITING = 64 * 2 ** 20;

export interface TrackerOptions {
  /** Called once, when the tracker fails. */
  readonly onFailure?: (error: Error) => void;
  /** Aborting it kills the tracker's process during `end`. */
  readonly signal?: AbortSignal | undefined;
}

/** Returns the arguments of `python -m dsptt` that send a run to a tracker. */
export function trackArguments({ kind, place }: TrackerTarget): string[] {
  return ['track', `--to=${kind}`, `--place=${place}`];
}

/** Sends a run to one tracker, through a process of its own, so that the run never waits for it or fails with it. */
export class Tracker {
  readonly target: TrackerTarget;
  readonly #program: PythonProgram;
  readonly #signal: AbortSignal | undefined;
  readonly #said: Promise<unknown>;
  #gaveUp: Error | null = null;
  #failure: Error | null = null;

  /**
   * Starts the tracker's process.
   * @throws WorkerError when there is no Python
   */
  constructor(target: TrackerTarget, { onFailure = () => {}, signal }: TrackerOptions = {}) {
    this.target = target;
    this.#signal = signal;
    this.#program = startPythonProgram(trackArguments(target));
    this.#said = this.#program.said.catch((error) => {
      throw this.#gaveUp ?? error;
    });
    this.#said.catch((error) => {
      this.#failure = error;
      onFailure(error);
    });
  }

  /** Sends a line without waiting; does nothing once the tracker has failed. */
  tell(line: Line): void {
    if (this.#failure !== null) return;
    this.#program.input.write(`${JSON.stringify(line)}\n`);
    if (this.#program.input.writableLength > MOST_WAITING) this.#giveUp(new WorkerError('it does not keep up'));
  }

  /** Sends many lines, as fast as the tracker takes them. */
  async deliver(lines: readonly Line[]): Promise<void> {
    const { input } = this.#program;
    const ended = this.#said.catch(() => {}); // `end` throws the reason
    for (const line of lines) {
      if (this.#failure !== null) return;
      if (!input.write(`${JSON.stringify(line)}\n`)) await Promise.race([once(input, 'drain'), ended]);
    }
  }

  /**
   * Ends the input and waits until the tracker has sent everything, for `patienceMs` at most.
   * @throws the tracker's own error; WorkerError when the time is over; InterruptedError when the signal is aborted
   */
  async end(patienceMs: number): Promise<void> {
    const late = () => this.#giveUp(new WorkerError(`it had not sent everything within ${patienceMs / 1000} s`));
    const interrupted = () => this.#giveUp(new InterruptedError('the command was interrupted'));
    const timer = setTimeout(late, patienceMs);
    this.#program.input.end();
    this.#signal?.addEventListener('abort', interrupted);
    if (this.#signal?.aborted) interrupted();
    try {
      await this.#said;
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener('abort', interrupted);
    }
  }

  #giveUp(reason: Error): void {
    this.#gaveUp ??= reason;
    this.#program.kill();
  }
}
