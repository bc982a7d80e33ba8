import { InterruptedError, WorkerError } from '../../errors';
import type { Answer, Args, Op } from '../wire/protocol';
import { Lane } from './lane';
import { mustRoundAlike } from './processor';
import type { RunWorker, Worker } from './worker';

export interface LanesOptions {
  /** Called with a worker that cannot open the task, though the one at home can. It is left out. */
  readonly onUnfit?: (worker: Worker, error: Error) => void;
  /** Notices for the user, which are taken with those of the worker at home. */
  readonly notices?: string[];
}

/**
 * Several workers that answer as one, so that independent points can move at once. All points and paths live in the
 * first worker, at home. A request for steps in a lane first moves the point, with its whole state, to that lane's
 * worker; a request without a lane brings every point home before it is answered. The answers are therefore bit for bit
 * those of a single worker with the same requests in the same order, whatever the number of workers: lanes share those
 * that have the task, and further ones may join.
 */
export class Lanes implements RunWorker {
  readonly #home: Lane;
  readonly #others: Lane[] = [];
  readonly #options: LanesOptions;
  /** Lane of each point that is not at home, by the point's name. */
  readonly #away = new Map<string, Lane>();
  /** Gives a lane the task that is open at home; undefined before a task is open. */
  #task: ((lane: Lane) => Promise<void>) | undefined;
  #failure: Error | undefined;
  #isOver = false;

  constructor(home: Worker, others: readonly Worker[], options: LanesOptions = {}) {
    this.#home = new Lane(home);
    this.#options = options;
    for (const worker of others) this.join(worker);
  }

  get hello(): Answer<'hello'> {
    return this.#home.worker.hello;
  }

  /** The first error that ended one of the workers: its points are lost, so that all must be restored. */
  get failure(): Error | undefined {
    return this.#failure ?? this.#open.map(({ worker }) => worker.failure).find((failure) => failure !== undefined);
  }

  request<O extends Op>(op: O, args: Args<O>, lane?: number): Promise<Answer<O>> {
    if (op === 'open') return this.#openAll(op, args);
    if (op === 'saveState') return this.#placeOf(textIn(args, 'name')).request(op, args);
    if (lane !== undefined) return this.#requestIn(this.#open[lane % this.#open.length], op, args);
    const moves = [...this.#away.keys()].map((point) => this.#move(point, this.#home));
    return afterAll(moves, this.#home.request(op, args));
  }

  /** Adds a worker, which gets the task, and then its share of the steps. */
  join(worker: Worker): void {
    if (this.#isOver) return;
    const lane = new Lane(worker);
    this.#others.push(lane);
    if (this.#task !== undefined) void this.#begin(lane, this.#task);
  }

  cancelAll(): void {
    for (const lane of [this.#home, ...this.#others]) lane.cancelAll();
  }

  /** Cancels everything, so that the workers can serve other lanes. */
  end(): void {
    this.#isOver = true;
    this.#failure ??= new WorkerError('one of the workers was lost');
    this.cancelAll();
  }

  /** Returns the notices of the first worker, since all run the same task in the same way, and those of their keeper. */
  takeNotices(): string[] {
    return [...this.#home.worker.takeNotices(), ...(this.#options.notices?.splice(0) ?? [])];
  }

  /** The lanes whose workers have the task. */
  get #open(): Lane[] {
    return [this.#home, ...this.#others.filter(({ isOpen }) => isOpen)];
  }

  #openAll<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    this.#away.clear();
    const atHome = this.#home.request(op, args);
    const task = async (lane: Lane) => {
      mustRoundAlike(this.hello.versions.processor, lane.worker.hello, textIn(args, 'device'));
      await lane.request(op, args);
      await atHome;
      if (this.#task === task) lane.isOpen = true;
    };
    this.#task = task;
    for (const lane of this.#others) {
      lane.isOpen = true; // its requests wait behind this one
      void this.#begin(lane, task, atHome);
    }
    return atHome;
  }

  /** Gives a lane the task. A worker that cannot open it is left out, unless home cannot either, or all was cancelled. */
  async #begin(lane: Lane, task: (lane: Lane) => Promise<void>, atHome: Promise<unknown> = Promise.resolve()) {
    try {
      await task(lane);
    } catch (error) {
      const [home] = await Promise.allSettled([atHome]);
      if (home.status === 'rejected' || this.#isOver || this.#task !== task) return;
      if (error instanceof InterruptedError) return;
      const why = lane.isOpen ? this.#fail(error) : asError(error);
      if (lane.isOpen && lane.worker.failure !== undefined) return; // the keeper replaces what was lost
      this.#others.splice(this.#others.indexOf(lane), 1);
      this.#options.onUnfit?.(lane.worker, why);
    }
  }

  #requestIn<O extends Op>(lane: Lane, op: O, args: Args<O>): Promise<Answer<O>> {
    const point = textIn(args, 'point');
    const moves = this.#placeOf(point) === lane ? [] : [this.#move(point, lane)];
    return afterAll(moves, lane.request(op, args));
  }

  #placeOf(point: string): Lane {
    return this.#away.get(point) ?? this.#home;
  }

  #place(point: string, lane: Lane): void {
    if (lane === this.#home) this.#away.delete(point);
    else this.#away.set(point, lane);
  }

  #move(point: string, to: Lane): Promise<void> {
    const from = this.#placeOf(point);
    const moved = this.#carry(point, from, to);
    to.waitFor(moved);
    this.#place(point, to);
    return moved;
  }

  async #carry(point: string, from: Lane, to: Lane): Promise<void> {
    const saving = from.request('saveState', { kind: 'point', name: point });
    const dropping = from.request('drop', { points: [point], paths: [] });
    dropping.catch(() => {}); // if saving fails too, its error is the one to report
    const { state } = await saving.catch((error) => {
      if (this.#placeOf(point) === to) this.#place(point, from);
      throw error;
    });
    try {
      await dropping;
      if (this.#isOver) throw new InterruptedError('the run was interrupted');
      await to.worker.request('loadState', { kind: 'point', name: point, state }); // before those that wait in the lane
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #fail(error: unknown): Error {
    this.#failure ??= asError(error);
    return this.#failure;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new WorkerError(String(error));
}

async function afterAll<T>(moves: readonly Promise<void>[], answer: Promise<T>): Promise<T> {
  const [answered] = await Promise.all([answer, ...moves]);
  return answered;
}

function textIn(args: object, field: string): string {
  const value = Object.entries(args).find(([name]) => name === field)?.[1];
  if (typeof value === 'string') return value;
  throw new TypeError(`a request that is made in a lane must have a ${field}`);
}
