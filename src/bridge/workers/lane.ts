import { InterruptedError, WorkerError } from '../../errors';
import type { Answer, Args, Op } from '../wire/protocol';
import type { Worker } from './worker';

/** One of several workers that answer as one. It is started on first use and gets requests in their order. */
export class Lane {
  readonly #start: () => Promise<Worker>;
  #starting: Promise<Worker> | undefined;
  #worker: Worker | undefined;
  #failure: Error | undefined;
  #isClosed = false;
  /** Resolves, and never rejects, when every request so far has been sent. */
  #given: Promise<unknown> = Promise.resolve();
  /** Counts cancellations; requests of an earlier generation are not sent. */
  #generation = 0;

  /** @param worker a running worker, or a function that starts one */
  constructor(worker: Worker | (() => Promise<Worker>)) {
    if (typeof worker === 'function') {
      this.#start = worker;
      return;
    }
    this.#start = async () => worker;
    this.#worker = worker;
  }

  /** Sends a request after all earlier ones. */
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

  /** Sends a request immediately, before those that wait here. */
  async requestFirst<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    return (await this.#ready()).request(op, args);
  }

  /** Delays all later requests until a promise settles. */
  waitFor(something: Promise<void>): void {
    this.#given = Promise.all([this.#given, something.catch(() => {})]);
  }

  /** The error that ended its worker; undefined while the worker runs or has not been started. */
  get failure(): Error | undefined {
    return this.#failure ?? this.#worker?.failure;
  }

  /** Rejects every waiting or running request with an InterruptedError. */
  cancelAll(): void {
    this.#generation += 1;
    this.#worker?.cancelAll();
  }

  /** Ends the worker, if it was started, and prevents a later start. */
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
