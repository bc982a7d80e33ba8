import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UsageError } from '../errors';
import { isRun } from './summary';

/** Folders within folders that are looked through: those of comparisons hold a run a method and seed. */
const DEPTH = 2;

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
 * The run of a directory, or the runs below it, new ones too.
 * @throws UsageError when there is no such directory, or no run in it
 */
export function runsAt(path: string): RunFolder {
  if (!existsSync(path)) throw new UsageError(`there is no ${path}: name a run directory, or a folder of runs`);
  if (isRun(path)) return singleRun(path);
  const list = () => new Map(runsBelow(path, DEPTH).map((name) => [name, resolve(path, name)]));
  if (list().size > 0) return { only: null, title: path, list };
  throw new UsageError(
    `${path} holds no run, and is none (a run has a config.json): name a run directory, or a folder of runs`,
  );
}

function runsBelow(path: string, depth: number): string[] {
  const folders = directoriesIn(path);
  return folders.flatMap((name) => {
    const inner = join(path, name);
    if (isRun(inner)) return [name];
    return depth > 1 ? runsBelow(inner, depth - 1).map((below) => `${name}/${below}`) : [];
  });
}

function directoriesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch {
    return []; // may not be entered, or is gone again
  }
}
