import { InterruptedError } from '../../errors';
import type { Answer, Args, Op } from '../wire/protocol';
import type { Worker } from './worker';

/** One of several workers that answer as one. It gets requests in their order. */
export class Lane {
  readonly worker: Worker;
  /** True once the worker has the task, so that points can move there. */
  isOpen = false;
  /** Resolves, and never rejects, when every request so far has been sent. */
  #given: Promise<unknown> = Promise.resolve();
  /** Counts cancellations; requests of an earlier generation are not sent. */
  #generation = 0;

  constructor(worker: Worker) {
    this.worker = worker;
  }

  /** Sends a request after all earlier ones. */
  async request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    const generation = this.#generation;
    const sent = this.#given.then(() => {
      if (generation !== this.#generation) throw new InterruptedError('the run was interrupted');
      return { answer: this.worker.request(op, args) };
    });
    this.#given = sent.catch(() => {});
    const { answer } = await sent;
    return answer;
  }

  /** Delays all later requests until a promise settles. */
  waitFor(something: Promise<void>): void {
    this.#given = Promise.all([this.#given, something.catch(() => {})]);
  }

  /** Rejects every waiting or running request with an InterruptedError. */
  cancelAll(): void {
    this.#generation += 1;
    this.worker.cancelAll();
  }
}
