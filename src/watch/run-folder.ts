import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UsageError } from '../errors';
import { isRun, runsBelow } from '../store/find-runs';

/** Runs that a server shows, by name. The server opens nothing else. */
export interface RunFolder {
  /** Name of the single run; null for a folder of runs. */
  readonly only: string | null;
  /** Title of the list of runs. */
  readonly title: string;
  list(): ReadonlyMap<string, string>;
}

/** Returns a folder of one run, which need not have begun yet. */
export function singleRun(path: string): RunFolder {
  const name = basename(resolve(path));
  return { only: name, title: name, list: () => new Map([[name, resolve(path)]]) };
}

/**
 * Returns the run of a directory, or the runs below it, including those that begin later.
 * @throws UsageError if there is no such directory
 */
export function runsAt(path: string): RunFolder {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`there is no ${path}: name a run directory, or a folder of runs`);
  if (!found.isDirectory()) throw new UsageError(`${path} is a file: name a run directory, or a folder of runs`);
  if (isRun(path)) return singleRun(path);
  return {
    only: null,
    title: path,
    list: () => new Map(runsBelow(path).map((name) => [name, resolve(path, name)])),
  };
}
