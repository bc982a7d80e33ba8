import { basename, resolve } from 'node:path';
import { dsptt } from '../command-name';
import type { Config } from '../config/schema';
import type { RunListener } from '../run/events';
import { sha256 } from '../store/journal/arrays';
import type { Result } from '../store/result';
import { hasBegun, mustBeRunOrFree } from '../store/run-directory';
import { artifactLines } from '../store/run-files';
import { type Line, parametersOf, resultLines } from './lines';
import { CommandLines } from './lines-of-commands';
import { withReport } from './report-file';
import type { TrackerTarget } from './target';
import { Tracker } from './tracker';

export interface TrackedRunOptions {
  readonly directory: string;
  readonly config: Config;
  readonly targets: readonly TrackerTarget[];
  /** Called when a tracker fails; the run goes on without it. */
  readonly onNotice: (message: string) => void;
  /** Time in ms for trackers to send the rest once the run has ended. Default: a minute, or 10 s without a result. */
  readonly patienceMs?: number | undefined;
}

const PATIENCE_MS = 60_000;
/** Patience after an interrupted or failed run: the user may be waiting for Ctrl-C to take effect. */
const HASTE_MS = 10_000;

/** Connection from a run in progress to its trackers. */
export interface TrackedRun {
  /** Called for every command of the run. Never throws, never waits. */
  readonly onCommand: RunListener['onCommand'];
  /**
   * Called when the run has ended, with its result if there is one: waits for the trackers, within limits. Never
   * throws.
   */
  readonly end: (result: Result | null) => Promise<void>;
}

/**
 * Starts trackers and sends them the beginning of a run.
 * @throws UsageError when the directory exists and holds no run; WorkerError when there is no Python
 */
export function trackRun({ directory, config, targets, onNotice, patienceMs }: TrackedRunOptions): TrackedRun {
  mustBeRunOrFree(directory);
  const fail = ({ kind, place }: TrackerTarget, error: Error) =>
    onNotice(
      `${kind} gets no more of the run: ${error.message}. The run goes on; send it later by \`${dsptt('export', directory, place, '--to', kind)}\``,
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
      onNotice(`the report page of the run could not be written: ${error instanceof Error ? error.message : error}`);
      await send(result, null);
    }
  };
  return { onCommand: new CommandLines(config.dspTt.form, tell).onCommand, end };
}

/** Reports whether a tracker stores files. */
export function keepsFiles({ kind }: TrackerTarget): boolean {
  return kind === 'mlflow';
}

/**
 * Returns the first line of a run: the directory's name, the settings, and an identifier made of the directory's path,
 * by which a tracker recognises a resumed run.
 */
export function firstLine(directory: string, config: Config, resumed: boolean): Line {
  const path = resolve(directory);
  return { name: basename(path), parameters: parametersOf(config), run: sha256(path).slice(0, 16), resumed };
}

/**
 * Returns the last lines of a run: results and files, if it has finished, the report page, if there is one, and the
 * end.
 */
export function lastLines(directory: string, result: Result | null, report: string | null): Line[] {
  const page = report === null ? [] : [{ artifact: report, folder: null }];
  if (result === null) return [...page, { end: 'unfinished' }];
  return [...resultLines(result), ...artifactLines(directory), ...page, { end: 'finished' }];
}
