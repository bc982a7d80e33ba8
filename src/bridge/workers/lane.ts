import { InterruptedError, WorkerError } from '../../errors';
import type { Answer, Args, Op } from '../wire/protocol';
import type { Worker } from './worker';

/** One of several workers that answer as one: started when it is first needed, and asked in the order of the requests. */
export class Lane {
  readonly #start: () => Promise<Worker>;
  #starting: Promise<Worker> | undefined;
  #worker: Worker | undefined;
  #failure: Error | undefined;
  #isClosed = false;
  /** Fulfilled, never rejected, once every request so far has been sent. */
  #given: Promise<unknown> = Promise.resolve();
  /** Requests of an earlier one were given up. */
  #generation = 0;

  /** A lane of a worker that runs, or of one that is yet to be started. */
  constructor(worker: Worker | (() => Promise<Worker>)) {
    if (typeof worker === 'function') {
      this.#start = worker;
      return;
    }
    this.#start = async () => worker;
    this.#worker = worker;
  }

  /** Ask the worker, after all that it was asked before. */
  async request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    const generation = this.#generation;
    const sent = this.#given.then(async () => {
      const worker = await this.#ready();
      if (generation !== this.#generation) throw new InterruptedError('the run was interrupted');
      return { answer: worker.request(op, args) };
    });
    this.#given = sent.catch(() => {});
    const { answer } = await sent;
    return answer;
  }

  /** Ask the worker at once, before what waits here. */
  async requestFirst<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    return (await this.#ready()).request(op, args);
  }

  /** Let all that is asked from now on wait until something has been done, or has failed. */
  waitFor(something: Promise<void>): void {
    this.#given = Promise.all([this.#given, something.catch(() => {})]);
  }

  /** Why its worker answers nothing any more; undefined while it does, and while there is none. */
  get failure(): Error | undefined {
    return this.#failure ?? this.#worker?.failure;
  }

  /** Give up every request that waits or runs. */
  cancelAll(): void {
    this.#generation += 1;
    this.#worker?.cancelAll();
  }

  /** End the worker, where there is one, and start none. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#starting?.catch(() => undefined);
    await (worker ?? this.#worker)?.close();
  }

  async #ready(): Promise<Worker> {
    if (this.#worker !== undefined) return this.#worker;
    if (this.#isClosed) throw new WorkerError('the worker was closed');
    try {
      this.#starting ??= this.#start();
      this.#worker = await this.#starting;
      return this.#worker;
    } catch (error) {
      this.#failure = error instanceof Error ? error : new WorkerError(String(error));
      throw this.#failure;
    }
  }
}
