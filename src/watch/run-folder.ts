import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UsageError } from '../errors';
import { isRun, runsBelow } from '../store/find-runs';

/** The runs that a server shows, by their names: what is not among them it never opens. */
export interface RunFolder {
  /** The one run that is meant; null where a folder of them is. */
  readonly only: string | null;
  /** What the list of them is called. */
  readonly title: string;
  list(): ReadonlyMap<string, string>;
}

/** One run, which need not have begun yet. */
export function singleRun(path: string): RunFolder {
  const name = basename(resolve(path));
  return { only: name, title: name, list: () => new Map([[name, resolve(path)]]) };
}

/**
 * The run of a directory, or the runs below it, those that begin later too.
 * @throws UsageError when there is no such directory
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
