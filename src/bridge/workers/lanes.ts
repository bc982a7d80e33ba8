import { InterruptedError, WorkerError } from '../../errors';
import type { Answer, Args, Op } from '../wire/protocol';
import { Lane } from './lane';
import type { RunWorker, Worker } from './worker';

const HOME = 0;

/**
 * Several workers that answer as one, so that points which do not depend on each other can move at once. All points and
 * paths live in the first worker, at home. Steps that are asked for with a lane are made there: the first of them takes the
 * point along, whole, and the first request that names no lane brings every point home before it is answered. An answer is
 * therefore the same, bit for bit, as that of one worker that was asked the same in the same order.
 */
export class Lanes implements RunWorker {
  readonly home: Worker;
  readonly #lanes: readonly Lane[];
  /** The lanes of the points that are not at home. */
  readonly #away = new Map<string, number>();
  #failure: Error | undefined;

  /**
   * @param start starts another worker
   * @param count how many there are, `home` among them; the others are started, and given the task, when one is opened
   */
  constructor(home: Worker, start: () => Promise<Worker>, count: number) {
    this.home = home;
    this.#lanes = Array.from({ length: count }, (_, k) => new Lane(k === HOME ? home : start));
  }

  get hello(): Answer<'hello'> {
    return this.home.hello;
  }

  /** The first loss of one of the workers: what it held is gone, and so the whole is of no use. */
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

  /** Those of one of them: all run the same task in the same way. */
  takeNotices(): string[] {
    return this.home.takeNotices();
  }

  /** End all workers but the one at home. */
  async closeOthers(): Promise<void> {
    await Promise.all(this.#lanes.filter((_, k) => k !== HOME).map((lane) => lane.close()));
  }

  #open<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    this.#away.clear();
    const [atHome, ...others] = this.#lanes.map((lane) => lane.request(op, args));
    for (const opened of others) void this.#mustOpen(atHome, opened);
    return atHome;
  }

  /** Where the task cannot be opened at home either, or the run was given up, no worker is lost. */
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
    dropping.catch(() => {}); // where the point cannot be saved, that is the error
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
