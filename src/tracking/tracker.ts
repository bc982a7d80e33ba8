import { once } from 'node:events';
import { type PythonProgram, startPythonProgram } from '../bridge/workers/python-program';
import { InterruptedError, WorkerError } from '../errors';
import type { Line } from './lines';
import type { TrackerTarget } from './target';

/** Bytes on their way to a tracker beyond which it counts as one that does not keep up. */
const MOST_WAITING = 64 * 2 ** 20;

export interface TrackerOptions {
  /** Told once, when it fails. */
  readonly onFailure?: (error: Error) => void;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** The command line of `python -m dsptt` that sends a run to a tracker. */
export function trackArguments({ kind, place }: TrackerTarget): string[] {
  return ['track', `--to=${kind}`, `--place=${place}`];
}

/** One tracker that is told of a run, in a process of its own: whatever becomes of it, the run does not wait. */
export class Tracker {
  readonly target: TrackerTarget;
  readonly #program: PythonProgram;
  readonly #signal: AbortSignal | undefined;
  readonly #said: Promise<unknown>;
  #gaveUp: Error | null = null;
  #failure: Error | null = null;

  /** Start it. @throws WorkerError when there is no Python */
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

  /** Tell it something; once it has failed, nobody. */
  tell(line: Line): void {
    if (this.#failure !== null) return;
    this.#program.input.write(`${JSON.stringify(line)}\n`);
    if (this.#program.input.writableLength > MOST_WAITING) this.#giveUp(new WorkerError('it does not keep up'));
  }

  /** Tell it much, as fast as it takes it. */
  async deliver(lines: readonly Line[]): Promise<void> {
    const { input } = this.#program;
    const ended = this.#said.catch(() => {}); // `end` says why
    for (const line of lines) {
      if (this.#failure !== null) return;
      if (!input.write(`${JSON.stringify(line)}\n`)) await Promise.race([once(input, 'drain'), ended]);
    }
  }

  /**
   * Nothing more comes: wait until it has sent what it was told, for so long.
   * @throws what went wrong with it; InterruptedError when the signal is aborted
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
