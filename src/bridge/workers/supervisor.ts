import { setTimeout as pause } from 'node:timers/promises';
import { WorkerError } from '../../errors';
import type { Launcher } from './launcher';
import { type RunWorker, Worker, type WorkerOptions } from './worker';

export interface SupervisorOptions extends WorkerOptions {
  /** Most replacements of a lost worker within an hour. Default 3; 0: never. */
  readonly maxRestarts?: number;
  /** Time before the first restart, in ms; doubles with each restart within the hour, up to a minute. Default 500. */
  readonly backOffMs?: number;
}

const HOUR_MS = 3_600_000;
/** Most replacements within an hour of workers that were lost with their machine or allocation. */
const MAX_PLACES = 20;
const LONGEST_WAIT_MS = 60_000;

/** Keeps the worker of a run, and replaces it when it is lost. */
export interface Keeper {
  /** The current worker, which may have failed. */
  readonly worker: RunWorker;
  /** Replaces a lost worker, like `Supervisor.replace`. */
  replace(cause: Error, onRestart?: (message: string) => void): Promise<RunWorker>;
}

/** Keeps a single worker process running, and starts another one when it is lost. */
export class Supervisor implements Keeper {
  readonly #launcher: Launcher;
  readonly #options: SupervisorOptions;
  /** Times of restarts (monotonic, in ms), apart for workers that ended by their own doing and with their place. */
  readonly #restarts: Readonly<Record<'own' | 'place', number[]>> = { own: [], place: [] };
  readonly #ending = new AbortController();
  #worker: Worker;
  #replacing: Promise<Worker> | undefined;

  private constructor(launcher: Launcher, options: SupervisorOptions, worker: Worker) {
    this.#launcher = launcher;
    this.#options = options;
    this.#worker = worker;
  }

  /** Starts the first worker. @throws WorkerError, ProtocolError when it does not start: there is no second try */
  static async start(launcher: Launcher, options: SupervisorOptions = {}, signal?: AbortSignal): Promise<Supervisor> {
    return new Supervisor(launcher, options, await Worker.start(launcher, options, signal));
  }

  /** The current worker, which may have failed. */
  get worker(): Worker {
    return this.#worker;
  }

  /**
   * Ends a lost worker with all its processes, waits, and starts another one. Concurrent calls get the same worker.
   * @param onRestart called with the reason before each start
   * @throws WorkerError with the last cause after too many restarts within an hour, or after `close`
   */
  replace(cause: Error, onRestart: (message: string) => void = () => {}): Promise<Worker> {
    this.#replacing ??= this.#replace(cause, onRestart).finally(() => {
      this.#replacing = undefined;
    });
    return this.#replacing;
  }

  /** Ends the worker and prevents further starts. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#replacing?.catch(() => {}); // the caller of `replace` gets the error
    await this.#worker.close();
  }

  async #replace(cause: Error, onRestart: (message: string) => void): Promise<Worker> {
    const { maxRestarts = 3, backOffMs = 500 } = this.#options;
    const { signal } = this.#ending;
    await this.#worker.close();
    const [restarts, most] = this.#worker.lostPlace
      ? [this.#restarts.place, MAX_PLACES]
      : [this.#restarts.own, maxRestarts];
    for (let last = cause; ; ) {
      const since = performance.now() - HOUR_MS;
      const recent = restarts.filter((at) => at > since).length;
      if (recent >= most || signal.aborted) throw exhausted(last, recent);
      onRestart(`${last.message}; starting another one (${recent + 1} of ${most} within an hour)`);
      restarts.push(performance.now());
      // After `close`, the pause ends and the next iteration throws.
      await pause(Math.min(backOffMs * 2 ** recent, LONGEST_WAIT_MS), undefined, { signal }).catch(() => {});
      if (signal.aborted) continue;
      try {
        this.#worker = await Worker.start(this.#launcher, this.#options, signal);
        if (!signal.aborted) return this.#worker;
        await this.#worker.close();
      } catch (error) {
        last = error instanceof Error ? error : new WorkerError(String(error));
      }
    }
  }
}

function exhausted(cause: Error, restarts: number): WorkerError {
  const traceback = cause instanceof WorkerError ? cause.traceback : undefined;
  const tried = restarts > 0 ? `, and ${restarts} others before it within an hour` : '';
  return new WorkerError(`${cause.message}${tried}`, { cause, traceback });
}
