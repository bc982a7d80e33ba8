import { InterruptedError, WorkerError } from '../../errors';
import { Lanes } from './lanes';
import type { Keeper, Supervisor } from './supervisor';
import type { Worker } from './worker';

/**
 * Keeps several workers that answer as one. When one is lost, the run goes on from its checkpoint with those that live,
 * and the other one joins them once it is replaced; so does one that has waited long for its first place.
 */
export class LaneKeeper implements Keeper {
  readonly #home: Supervisor;
  /** Keepers of the further workers, which end with this one. */
  readonly #others: Supervisor[] = [];
  /** Keepers whose workers live, as far as it is known. */
  #crew: readonly Supervisor[];
  /** Workers that are being started or replaced. Their promises never reject. */
  readonly #expected = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #notices: string[] = [];
  #lanes: Lanes | undefined;
  /** True if a worker was left out of the lanes, which then go on without it. */
  #isReduced = false;
  #lastLoss: Error = new WorkerError('the worker was closed');

  /**
   * @param home keeps the first worker, and is closed by its owner
   * @param start starts another worker, under supervision
   * @param count number of workers, including the one of `home`
   */
  constructor(home: Supervisor, start: (signal: AbortSignal) => Promise<Supervisor>, count: number) {
    this.#home = home;
    this.#crew = [home];
    for (let k = 1; k < count; k += 1) this.#expect(this.#begin(start));
  }

  get worker(): Lanes {
    if (this.#lanes === undefined || this.#lanes.failure !== undefined) this.#lanes = this.#newLanes();
    return this.#lanes;
  }

  /**
   * Replaces the workers that are lost, and waits only if none is left.
   * @throws like `Supervisor.replace`, when none is left and none can be had
   */
  async replace(cause: Error, onRestart: (message: string) => void = () => {}): Promise<Lanes> {
    let tell = onRestart;
    const isLost = ({ worker }: Supervisor) => worker.failure !== undefined;
    const found = this.#crew.filter(isLost);
    const lost = found.length > 0 || this.#isReduced ? found : this.#crew.slice(0, 1);
    this.#lanes?.end();
    await Promise.all(lost.map((one) => this.#bringBack(one, cause, (message) => tell(message))));
    while (this.#crew.length === 0) {
      if (this.#expected.size === 0) throw this.#lastLoss;
      await Promise.race(this.#expected);
    }
    tell = (message) => this.#notices.push(message);
    this.#lanes = this.#newLanes();
    return this.#lanes;
  }

  /** Ends all workers except the one of `home`, and prevents further starts. */
  async close(): Promise<void> {
    this.#ending.abort();
    const closing = this.#others.map((one) => one.close());
    await Promise.all([...closing, ...this.#expected]);
  }

  #newLanes(): Lanes {
    this.#lanes?.end();
    const [home = this.#home, ...others] = this.#crew;
    const workers = others.map(({ worker }) => worker);
    const onUnfit = (worker: Worker, error: Error) => this.#dismiss(worker, error);
    this.#isReduced = false;
    return new Lanes(home.worker, workers, { onUnfit, notices: this.#notices });
  }

  async #begin(start: (signal: AbortSignal) => Promise<Supervisor>): Promise<void> {
    try {
      const started = await start(this.#ending.signal);
      this.#others.push(started);
      if (this.#ending.signal.aborted) await started.close();
      else this.#join(started);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Replaces a worker, which then joins. Resolves when the first restart has been told, or there is none. */
  #bringBack(one: Supervisor, cause: Error, onRestart: (message: string) => void): Promise<void> {
    this.#crew = this.#crew.filter((other) => other !== one);
    return new Promise((resolve) => {
      const told = (message: string) => {
        onRestart(message);
        resolve();
      };
      const back = one.replace(one.worker.failure ?? cause, told).then(
        () => this.#join(one),
        (error) => this.#giveUp(error),
      );
      this.#expect(back.finally(resolve));
    });
  }

  #join(one: Supervisor): void {
    this.#crew = [...this.#crew, one];
    this.#lanes?.join(one.worker);
  }

  /** Ends a worker that cannot open the task; replaces a lost one. */
  #dismiss(worker: Worker, error: Error): void {
    const one = this.#crew.find((other) => other.worker === worker);
    if (one === undefined) return;
    if (worker.failure !== undefined) {
      void this.#bringBack(one, worker.failure, (message) => this.#notices.push(message));
      return;
    }
    this.#crew = this.#crew.filter((other) => other !== one);
    this.#isReduced = true;
    this.#giveUp(error);
    if (one !== this.#home) void one.close();
  }

  #giveUp(error: unknown): void {
    this.#lastLoss = error instanceof Error ? error : new WorkerError(String(error));
    if (!(error instanceof InterruptedError)) this.#notices.push(`one worker fewer: ${this.#lastLoss.message}`);
  }

  #expect(worker: Promise<void>): void {
    const expected = worker.finally(() => this.#expected.delete(expected));
    this.#expected.add(expected);
  }
}
