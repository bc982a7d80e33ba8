import type { WorkerExit } from '../workers/launcher';
import type { Announcement, PlacedProcess } from './placed-worker';

/** A worker that the pool was asked for. */
export class PooledWorker implements PlacedProcess {
  /** Resolves when the worker listens. @throws UsageError, WorkerError when it ends first */
  readonly announced: Promise<Announcement>;
  readonly exited: Promise<WorkerExit>;
  readonly #stop: (graceMs: number) => void;
  #onStarted: (said: Announcement) => void = () => {};
  #onEnded: (exit: WorkerExit, failure: Error) => void = () => {};

  /** @param stop asks the pool to end it */
  constructor(stop: (graceMs: number) => void) {
    this.#stop = stop;
    let exit: (exit: WorkerExit) => void = () => {};
    this.exited = new Promise((resolve) => {
      exit = resolve;
    });
    this.announced = new Promise((resolve, reject) => {
      this.#onStarted = resolve;
      this.#onEnded = (how, failure) => {
        reject(failure);
        exit(how);
      };
    });
  }

  /** Notes that it listens. */
  started(said: Announcement): void {
    this.#onStarted(said);
  }

  /** Notes its end. @param failure the error if it has not listened before */
  ended(exit: WorkerExit, failure: Error): void {
    this.#onEnded(exit, failure);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stop(graceMs);
    await this.exited;
  }
}
