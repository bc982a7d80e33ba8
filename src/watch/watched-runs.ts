import { UsageError } from '../errors';
import type { Holder } from '../store/lock';
import { FollowedRun } from './followed-run';
import { Feed } from './polled-source';
import type { RunFolder } from './run-folder';
import { runnerOf, stopRun } from './stop-run';
import { SummarisedRun } from './summary';
import { viewOf } from './view-of';

const RUN_MS = 400;
const LIST_MS = 2000;

/** A run that somebody looks at. */
export class WatchedRun {
  readonly feed: Feed;
  #run: FollowedRun;
  /** The process that was asked to stop. */
  #stopping: Holder | null = null;
  #isNew = false;

  constructor(name: string, path: string) {
    this.#run = new FollowedRun(path);
    const look = async () => {
      if (this.#isNew) await this.#lookAnew();
      await this.#run.poll();
      return JSON.stringify(viewOf(this.#run, name, this.#isStopping()));
    };
    this.feed = new Feed({ everyMs: RUN_MS, look });
  }

  /** Somebody opens its page: what could not be read before may be whole now. */
  open(): void {
    this.#isNew = true;
  }

  /** Interrupt the run, once. @throws UsageError when nobody goes on with it, or it stops already */
  stop(): void {
    const runner = runnerOf(this.#run.path);
    if (runner === null) throw new UsageError('Nobody goes on with this run: there is nothing to stop.');
    if (this.#isSame(runner)) throw new UsageError('The run stops already.'); // a second signal would end it at once
    stopRun(this.#run.path, runner);
    this.#stopping = runner;
    this.feed.lookNow();
  }

  /** Let all viewers have the last state. */
  async finish(): Promise<void> {
    await this.#run.poll();
    await this.#run.settled();
    await this.feed.finish();
  }

  async close(): Promise<void> {
    await this.feed.close();
    await this.#run.close();
  }

  async #lookAnew(): Promise<void> {
    this.#isNew = false;
    if (!(await this.#run.isOutdated())) return;
    await this.#run.close();
    this.#run = new FollowedRun(this.#run.path);
  }

  #isStopping(): boolean {
    return this.#run.runner !== null && this.#isSame(this.#run.runner);
  }

  #isSame({ pid, began }: Holder): boolean {
    return this.#stopping?.pid === pid && this.#stopping.began === began;
  }
}

/** The runs of a folder, each followed only while somebody looks at it. */
export class WatchedRuns {
  /** The list of them. */
  readonly feed: Feed;
  readonly #folder: RunFolder;
  readonly #runs = new Map<string, WatchedRun>();
  readonly #summaries = new Map<string, SummarisedRun>();

  constructor(folder: RunFolder) {
    this.#folder = folder;
    this.feed = new Feed({ everyMs: LIST_MS, look: () => this.#summed() });
  }

  /** A run by its name; null where the folder has none of that name. */
  run(name: string): WatchedRun | null {
    const path = this.#folder.list().get(name);
    if (path === undefined) return null;
    const run = this.#runs.get(name) ?? new WatchedRun(name, path);
    this.#runs.set(name, run);
    return run;
  }

  /** Let all viewers have the last state. */
  async finish(): Promise<void> {
    await Promise.all([this.feed, ...this.#runs.values()].map((shown) => shown.finish()));
  }

  async close(): Promise<void> {
    await this.feed.close();
    await Promise.all([...this.#runs.values()].map((run) => run.close()));
  }

  async #summed(): Promise<string> {
    const summaries = [];
    for (const [name, path] of this.#folder.list()) {
      const run = this.#summaries.get(name) ?? new SummarisedRun(path, name);
      this.#summaries.set(name, run);
      summaries.push(await run.summary());
    }
    return JSON.stringify({ title: this.#folder.title, runs: summaries });
  }
}
