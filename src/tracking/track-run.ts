import { basename, resolve } from 'node:path';
import type { Config } from '../config/schema';
import type { RunListener } from '../run/events';
import { sha256 } from '../store/journal/arrays';
import type { Result } from '../store/result';
import { hasBegun, mustBeRunOrFree } from '../store/run-directory';
import { artifactLines } from '../store/run-files';
import { type Line, parametersOf, resultLines } from './lines';
import { LiveCurves } from './lines-of-commands';
import { withReport } from './report-file';
import type { TrackerTarget } from './target';
import { Tracker } from './tracker';

export interface TrackedRunOptions {
  readonly directory: string;
  readonly config: Config;
  readonly targets: readonly TrackerTarget[];
  /** Told of a tracker that fails: the run goes on without it. */
  readonly onNotice: (message: string) => void;
  /** How long, once the run has ended, trackers may take to send what is on its way. Default: a minute, or 10 s without a result. */
  readonly patienceMs?: number | undefined;
}

const PATIENCE_MS = 60_000;
/** After a run that was interrupted or failed: somebody may be waiting for the end of Ctrl-C. */
const HASTE_MS = 10_000;

/** A run that trackers are told of while it goes on. */
export interface TrackedRun {
  /** Told of every command of the run; it never throws, and waits for nothing. */
  readonly onCommand: RunListener['onCommand'];
  /** The run has ended, with its result where it has one: wait for the trackers, within limits. Never throws. */
  readonly end: (result: Result | null) => Promise<void>;
}

/** Begin a run in some trackers. @throws UsageError when the directory holds no run; WorkerError when there is no Python */
export function trackRun({ directory, config, targets, onNotice, patienceMs }: TrackedRunOptions): TrackedRun {
  mustBeRunOrFree(directory);
  const fail = ({ kind, place }: TrackerTarget, error: Error) =>
    onNotice(
      `${kind} gets no more of the run: ${error.message}. The run goes on; send it later by dsptt export ${directory} ${place} --to ${kind}`,
    );
  const trackers = targets.map((target) => new Tracker(target, { onFailure: (error) => fail(target, error) }));
  const tell = (line: Line) => {
    for (const tracker of trackers) tracker.tell(line);
  };
  tell(firstLine(directory, config, hasBegun(directory)));
  const send = async (result: Result | null, report: string | null) => {
    for (const line of lastLines(directory, result, report)) tell(line);
    const limit = patienceMs ?? (result === null ? HASTE_MS : PATIENCE_MS);
    await Promise.allSettled(trackers.map((tracker) => tracker.end(limit)));
  };
  const end = async (result: Result | null) => {
    if (result === null || !targets.some(keepsFiles)) return send(result, null);
    try {
      await withReport(directory, (report) => send(result, report));
    } catch (error) {
      onNotice(`the page of the run could not be made: ${error instanceof Error ? error.message : error}`);
      await send(result, null);
    }
  };
  return { onCommand: new LiveCurves(config.dspTt.form, tell).onCommand, end };
}

/** Whether a tracker has a place for files. */
export function keepsFiles({ kind }: TrackerTarget): boolean {
  return kind === 'mlflow';
}

/** What begins a run in a tracker: its directory's name, and its settings; where it lies, it is known by when resumed. */
export function firstLine(directory: string, config: Config, resumed: boolean): Line {
  const path = resolve(directory);
  return { name: basename(path), parameters: parametersOf(config), run: sha256(path).slice(0, 16), resumed };
}

/** What ends it: the result and the files, where there are some, the page of a report among them. */
export function lastLines(directory: string, result: Result | null, report: string | null): Line[] {
  const page = report === null ? [] : [{ artifact: report, folder: null }];
  if (result === null) return [...page, { end: 'unfinished' }];
  return [...resultLines(result), ...artifactLines(directory), ...page, { end: 'finished' }];
}
