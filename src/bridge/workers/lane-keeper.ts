import { Lanes } from './lanes';
import type { Keeper, Supervisor } from './supervisor';
import type { Worker } from './worker';

/** Keeps several workers that answer as one. If one is lost, all of them are replaced. */
export class LaneKeeper implements Keeper {
  readonly #home: Supervisor;
  readonly #start: () => Promise<Worker>;
  readonly #count: number;
  #lanes: Lanes | undefined;
  #closing: Promise<unknown> = Promise.resolve();

  /**
   * @param home keeps the worker that holds all points and paths
   * @param start starts another worker
   * @param count number of workers, including the one of `home`
   */
  constructor(home: Supervisor, start: () => Promise<Worker>, count: number) {
    this.#home = home;
    this.#start = start;
    this.#count = count;
  }

  get worker(): Lanes {
    const { worker } = this.#home;
    if (this.#lanes?.home !== worker) {
      this.#closeOthers();
      this.#lanes = new Lanes(worker, this.#start, this.#count);
    }
    return this.#lanes;
  }

  /** Ends all workers and starts new ones. @throws like `Supervisor.replace` */
  async replace(cause: Error, onRestart?: (message: string) => void): Promise<Lanes> {
    await this.close();
    await this.#home.replace(cause, onRestart);
    return this.worker;
  }

  /** Ends all workers except the one of `home`, which its own keeper ends. */
  async close(): Promise<void> {
    this.#closeOthers();
    await this.#closing;
  }

  #closeOthers(): void {
    this.#closing = Promise.all([this.#closing, this.#lanes?.closeOthers()]);
  }
}
