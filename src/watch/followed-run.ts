import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/schema';
import { DeterminismError, InterruptedError } from '../errors';
import type { Task } from '../executor/executor';
import type { MethodOutcome } from '../methods/method';
import { GrowingHistory } from '../run/durable/growing-history';
import { follow } from '../run/follow';
import { nodeDisk } from '../store/disk/disk';
import type { Holder } from '../store/disk/holder';
import { holderOf } from '../store/disk/lock';
import { ArrayFiles } from '../store/journal/arrays';
import type { Header, JournalRecord } from '../store/journal/record';
import { JournalTail } from '../store/journal/tail';
import { isOptimaRun } from '../store/optima';
import type { Result } from '../store/result';
import { isFinished, readConfig, readResult } from '../store/run-directory';
import type { MethodEvent } from '../trust-tech/events';
import { curvesOfTraces, type DrawnCurves } from './curves-of-traces';
import { JournalFacts } from './journal-facts';
import { RunLines } from './live-curves';
import { LiveEnsembles } from './live-ensembles';
import { runnerOf } from './stop-run';

const JOURNAL = 'journal.jsonl';
const RESULT = 'result.json';

/** Current phase of a run. */
export interface Phase {
  readonly name: string;
  /** Steps of the run before the phase; `steps` counts those of the phase. */
  readonly before: number;
  readonly steps: number;
}

/** Follows the directory of one run: each `poll` reads what has been added. Never writes. */
export class FollowedRun {
  readonly path: string;
  readonly facts = new JournalFacts();
  config: Config | null = null;
  result: Result | null = null;
  curves: DrawnCurves | null = null;
  /** Null before the networks are measured, and again after the result has been read. */
  ensembles: LiveEnsembles | null = null;
  task: Task | null = null;
  /** Budget in steps. */
  total: number | null = null;
  phase: Phase | null = null;
  /** True for a finished run on a closed-form objective, which has nothing to follow. */
  isClosedForm = false;
  problem: string | null = null;
  note: string | null = null;
  /** True while a process holds the run's lock; `runner` is that process, or null if it cannot be identified. */
  isHeld = false;
  runner: Holder | null = null;
  /** Time of the last write to the journal, in ms since 1970. */
  written: number | null = null;
  /** True once a finished run has been read completely. */
  isComplete = false;
  readonly #tail: JournalTail;
  readonly #history = new GrowingHistory();
  readonly #arrays: ArrayFiles;
  #header: Header | null = null;
  #following: Promise<void> = Promise.resolve();
  #polling: Promise<void> = Promise.resolve();
  #completing: Promise<void> | null = null;
  #finished: number | null = null;

  constructor(path: string) {
    this.path = path;
    this.#tail = new JournalTail(path);
    this.#arrays = new ArrayFiles(join(path, 'journal'), nodeDisk, []);
  }

  /** Reads what is new. Never rejects: an error becomes the run's `problem`, and polling it ends. */
  poll(): Promise<void> {
    this.#polling = this.#polling.then(() => this.#poll());
    return this.#polling;
  }

  /** Resolves when a finished run has been read completely; immediately for an unfinished one. */
  async settled(): Promise<void> {
    if (this.result === null) return;
    await this.#following;
    this.#completing ??= this.#complete(this.result);
    await this.#completing;
  }

  /** Reports whether the run should be read anew: it was unreadable, or its result has changed. */
  async isOutdated(): Promise<boolean> {
    if (this.problem !== null) return true;
    return this.result !== null && (await writtenAt(this.path, RESULT)) !== this.#finished;
  }

  async #poll(): Promise<void> {
    if (this.problem !== null || this.result !== null || this.isClosedForm) return;
    try {
      this.isHeld = holderOf(this.path) !== null;
      this.runner = runnerOf(this.path);
      if (this.config === null) await this.#readConfig();
      if (this.config === null) return;
      const isWhole = isFinished(this.path); // asked before the journal is read, so that its end is not missed
      for await (const records of this.#tail.read()) this.#take(records);
      this.written = await writtenAt(this.path, JOURNAL);
      if (!isWhole) return;
      this.#finished = await writtenAt(this.path, RESULT);
      this.result = await readResult(this.path);
      this.ensembles = null; // the result contains them
      this.#history.end();
      void this.settled();
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  /** Completes a finished run. One that this version could not follow gets its curves from its traces. */
  async #complete(result: Result): Promise<void> {
    if (this.note !== null) {
      const curves = await curvesOfTraces(this.path, result).catch(() => null); // the note already says what is missing
      if (curves !== null) [this.curves, this.note] = [curves, null];
    }
    this.isComplete = true;
  }

  /** Stops following the run. */
  async close(): Promise<void> {
    this.#history.end();
    await this.#arrays.close();
  }

  async #readConfig(): Promise<void> {
    if (!existsSync(join(this.path, 'config.json'))) return;
    if (await isOptimaRun(this.path)) {
      this.note =
        'A run on a closed-form objective has no steps to follow: its report shows the optima and exits that it found.';
      [this.isClosedForm, this.isComplete] = [true, true];
      return;
    }
    this.config = await readConfig(this.path);
  }

  #take(records: readonly JournalRecord[]): void {
    const [first] = records;
    this.facts.add(records);
    this.#history.add(records);
    if (first.kind !== 'header' || this.#header !== null) return;
    this.#header = first;
    this.#following = this.#follow(first);
  }

  /** Performs the method in parallel with the polls; it continues whenever the journal has grown. */
  async #follow(header: Header): Promise<void> {
    const { path: directory, config } = this;
    if (config === null) return;
    const curves = new RunLines(config.dspTt);
    this.curves = curves;
    const run = { directory, config, header, history: this.#history, arrays: this.#arrays };
    try {
      await follow(run, {
        onCommand: curves.onCommand,
        onTask: (task, steps) => {
          [this.task, this.total] = [task, steps];
        },
        onEvent: (event, c) => this.#onEvent(event, c, curves),
        onOutcome: (outcome) => this.#onOutcome(outcome, config),
      });
    } catch (error) {
      if (!(error instanceof InterruptedError)) this.note = noteOf(error);
    }
    await curves.settled();
  }

  /** Starts to score ensembles, unless the result already has their scores. */
  #onOutcome(outcome: MethodOutcome, config: Config): LiveEnsembles | null {
    if (this.result !== null || this.task === null) return null;
    this.ensembles = new LiveEnsembles(config, this.task, outcome);
    return this.ensembles;
  }

  #onEvent(event: MethodEvent, c: number, curves: RunLines): void {
    if (event.type === 'search') curves.onPaths(event.paths);
    if (event.type === 'fitted') curves.onFitted(event.tier, event.detector.decay);
    if (event.type === 'stopped' && this.total !== null) this.total -= event.training.planned - event.training.steps;
    if (event.type !== 'phase') return;
    curves.onPhase();
    this.phase = { name: event.phase, steps: event.steps, before: this.#history.stepsBefore(c) };
  }
}

/** Returns the modification time of a file in ms since 1970; null if it does not exist. */
async function writtenAt(directory: string, name: string): Promise<number | null> {
  const file = join(directory, name);
  return existsSync(file) ? (await stat(file)).mtimeMs : null;
}

/** Explains why the method cannot be followed. Steps, speed and measurements still come from the journal. */
function noteOf(error: unknown): string {
  const why = error instanceof DeterminismError ? ' as this version of dsptt decides otherwise than the run' : '';
  return `Phases, paths and exits are not shown${why}: ${messageOf(error)}`;
}

/** Returns the text of an error for the page. The process may be the run's own, so no error may end it. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
