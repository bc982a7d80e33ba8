import { setTimeout as pause } from 'node:timers/promises';
import { WorkerError } from '../../errors';
import type { Launcher } from './launcher';
import { type RunWorker, Worker, type WorkerOptions } from './worker';

export interface SupervisorOptions extends WorkerOptions {
  /** How often within an hour a lost worker is replaced by another one. Default 3; 0: never. */
  readonly maxRestarts?: number;
  /** Time before the first restart, in ms; each further one within the hour waits twice as long, up to a minute. Default 500. */
  readonly backOffMs?: number;
}

const HOUR_MS = 3_600_000;
const LONGEST_WAIT_MS = 60_000;

/** Keeps the worker of a run: where that is lost, another one takes its place. */
export interface Keeper {
  /** The worker of the moment; it may have failed. */
  readonly worker: RunWorker;
  /** As `Supervisor.replace`. */
  replace(cause: Error, onRestart?: (message: string) => void): Promise<RunWorker>;
}

/** Keeps a worker running: it starts one, and another one when that is lost. */
export class Supervisor implements Keeper {
  readonly #launcher: Launcher;
  readonly #options: SupervisorOptions;
  readonly #restarts: number[] = [];
  readonly #ending = new AbortController();
  #worker: Worker;
  #replacing: Promise<Worker> | undefined;

  private constructor(launcher: Launcher, options: SupervisorOptions, worker: Worker) {
    this.#launcher = launcher;
    this.#options = options;
    this.#worker = worker;
  }

  /** Start the first worker. @throws WorkerError, ProtocolError when it does not start: that is nothing to try again */
  static async start(launcher: Launcher, options: SupervisorOptions = {}): Promise<Supervisor> {
    return new Supervisor(launcher, options, await Worker.start(launcher, options));
  }

  /** The worker of the moment; it may have failed. */
  get worker(): Worker {
    return this.#worker;
  }

  /**
   * End a worker that was lost, with all its processes, wait, and start another one. Who asks while that goes on gets the
   * same one.
   * @param onRestart told why, before each start
   * @throws WorkerError, with the last cause, once there were too many restarts, or after `close`
   */
  replace(cause: Error, onRestart: (message: string) => void = () => {}): Promise<Worker> {
    this.#replacing ??= this.#replace(cause, onRestart).finally(() => {
      this.#replacing = undefined;
    });
    return this.#replacing;
  }

  /** End the worker, and start no other. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#replacing?.catch(() => {}); // told to who asked for it
    await this.#worker.close();
  }

  async #replace(cause: Error, onRestart: (message: string) => void): Promise<Worker> {
    const { maxRestarts = 3, backOffMs = 500 } = this.#options;
    const { signal } = this.#ending;
    await this.#worker.close();
    for (let last = cause; ; ) {
      const since = performance.now() - HOUR_MS;
      const recent = this.#restarts.filter((at) => at > since).length;
      if (recent >= maxRestarts || signal.aborted) throw exhausted(last, recent);
      onRestart(`${last.message}; starting another one (${recent + 1} of ${maxRestarts} within an hour)`);
      this.#restarts.push(performance.now());
      await pause(Math.min(backOffMs * 2 ** recent, LONGEST_WAIT_MS), undefined, { signal }).catch(() => {}); // closed: the next turn says so
      if (signal.aborted) continue;
      try {
        this.#worker = await Worker.start(this.#launcher, this.#options);
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
