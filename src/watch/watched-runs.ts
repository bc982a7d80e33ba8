import { UsageError } from '../errors';
import type { Holder } from '../store/disk/holder';
import { FollowedRun } from './followed-run';
import { Feed } from './polled-source';
import type { RunFolder } from './run-folder';
import { runnerOf, stopRun } from './stop-run';
import { SummarisedRun } from './summary';
import { viewOf } from './view-of';

const RUN_MS = 400;
const LIST_MS = 2000;

/** Run that a viewer has asked for. */
export class WatchedRun {
  readonly feed: Feed;
  #run: FollowedRun;
  /** Process that was asked to stop. */
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

  get path(): string {
    return this.#run.path;
  }

  /** Called when a viewer opens the page: reads the run anew if it was unreadable before or has a new result. */
  open(): void {
    this.#isNew = true;
  }

  /** Interrupts the run, once. @throws UsageError if no process works on it, or it is already stopping */
  stop(): void {
    const runner = runnerOf(this.#run.path);
    if (runner === null) throw new UsageError('No process is working on this run: there is nothing to stop.');
    // a second signal would end it at once
    if (this.#isSame(runner)) throw new UsageError('The run is already stopping.');
    stopRun(this.#run.path, runner);
    this.#stopping = runner;
    this.feed.lookNow();
  }

  /** Sends the last state to all viewers. */
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

/** Runs of a folder, each followed only while it has viewers. */
export class WatchedRuns {
  /** Feed of the list of runs. */
  readonly feed: Feed;
  readonly #folder: RunFolder;
  readonly #runs = new Map<string, WatchedRun>();
  readonly #summaries = new Map<string, SummarisedRun>();

  constructor(folder: RunFolder) {
    this.#folder = folder;
    this.feed = new Feed({ everyMs: LIST_MS, look: () => this.#summed() });
  }

  /** Returns a run by name; null if the folder has none of that name. */
  run(name: string): WatchedRun | null {
    const path = this.#folder.list().get(name);
    if (path === undefined) return null;
    const run = this.#runs.get(name) ?? new WatchedRun(name, path);
    this.#runs.set(name, run);
    return run;
  }

  /** Sends the last state to all viewers. */
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
