import { InterruptedError, WorkerError } from '../../errors';
import type { Answer, Args, Op } from '../wire/protocol';
import { Lane } from './lane';
import type { RunWorker, Worker } from './worker';

const HOME = 0;

/**
 * Several workers that answer as one, so that independent points can move at once. All points and paths live in the
 * first worker, at home. A request for steps in a lane first moves the point, with its whole state, to that lane's
 * worker; a request without a lane brings every point home before it is answered. The answers are therefore bit for bit
 * those of a single worker with the same requests in the same order.
 */
export class Lanes implements RunWorker {
  readonly home: Worker;
  readonly #lanes: readonly Lane[];
  /** Lane of each point that is not at home, by the point's name. */
  readonly #away = new Map<string, number>();
  #failure: Error | undefined;

  /**
   * @param start starts another worker
   * @param count number of workers, including `home`; the others are started, and get the task, when a task is opened
   */
  constructor(home: Worker, start: () => Promise<Worker>, count: number) {
    this.home = home;
    this.#lanes = Array.from({ length: count }, (_, k) => new Lane(k === HOME ? home : start));
  }

  get hello(): Answer<'hello'> {
    return this.home.hello;
  }

  /** The first error that ended one of the workers: its points are lost, so that all lanes must be replaced. */
  get failure(): Error | undefined {
    return this.#failure ?? this.#lanes.map((lane) => lane.failure).find((failure) => failure !== undefined);
  }

  request<O extends Op>(op: O, args: Args<O>, lane?: number): Promise<Answer<O>> {
    if (op === 'open') return this.#open(op, args);
    if (op === 'saveState') return this.#lanes[this.#placeOf(textIn(args, 'name'))].request(op, args);
    if (lane !== undefined) return this.#requestIn(lane % this.#lanes.length, op, args);
    const moves = [...this.#away.keys()].map((point) => this.#move(point, HOME));
    return afterAll(moves, this.#lanes[HOME].request(op, args));
  }

  cancelAll(): void {
    for (const lane of this.#lanes) lane.cancelAll();
  }

  /** Returns the notices of the first worker: all workers run the same task in the same way. */
  takeNotices(): string[] {
    return this.home.takeNotices();
  }

  /** Ends all workers except the one at home. */
  async closeOthers(): Promise<void> {
    await Promise.all(this.#lanes.filter((_, k) => k !== HOME).map((lane) => lane.close()));
  }

  #open<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    this.#away.clear();
    const [atHome, ...others] = this.#lanes.map((lane) => lane.request(op, args));
    for (const opened of others) void this.#mustOpen(atHome, opened);
    return atHome;
  }

  /** Fails if only the other worker cannot open the task, unless the run was interrupted. */
  async #mustOpen(atHome: Promise<unknown>, elsewhere: Promise<unknown>): Promise<void> {
    const [home, other] = await Promise.allSettled([atHome, elsewhere]);
    if (home.status === 'rejected' || other.status === 'fulfilled') return;
    if (!(other.reason instanceof InterruptedError)) this.#fail(other.reason);
  }

  #requestIn<O extends Op>(lane: number, op: O, args: Args<O>): Promise<Answer<O>> {
    const point = textIn(args, 'point');
    const moves = this.#placeOf(point) === lane ? [] : [this.#move(point, lane)];
    return afterAll(moves, this.#lanes[lane].request(op, args));
  }

  #placeOf(point: string): number {
    return this.#away.get(point) ?? HOME;
  }

  #place(point: string, lane: number): void {
    if (lane === HOME) this.#away.delete(point);
    else this.#away.set(point, lane);
  }

  #move(point: string, to: number): Promise<void> {
    const from = this.#placeOf(point);
    const moved = this.#carry(point, from, to);
    this.#lanes[to].waitFor(moved);
    this.#place(point, to);
    return moved;
  }

  async #carry(point: string, from: number, to: number): Promise<void> {
    const source = this.#lanes[from];
    const saving = source.request('saveState', { kind: 'point', name: point });
    const dropping = source.request('drop', { points: [point], paths: [] });
    dropping.catch(() => {}); // if saving fails too, its error is the one to report
    const { state } = await saving.catch((error) => {
      if (this.#placeOf(point) === to) this.#place(point, from);
      throw error;
    });
    try {
      await dropping;
      await this.#lanes[to].requestFirst('loadState', { kind: 'point', name: point, state });
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #fail(error: unknown): Error {
    this.#failure ??= error instanceof Error ? error : new WorkerError(String(error));
    return this.#failure;
  }
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
