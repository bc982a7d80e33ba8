import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { naturally } from '../natural-order';

/** Levels of folders that are searched: the folder of a comparison holds one run per method and seed. */
const DEPTH = 2;

/** True if a directory looks like a run that has at least begun. */
export function isRun(path: string): boolean {
  return existsSync(join(path, 'config.json')) || existsSync(join(path, 'journal.jsonl'));
}

/**
 * Returns the paths, relative to `folder` and in natural order, of the runs in it and in its subfolders. Links are not
 * followed.
 */
export function runsBelow(folder: string, depth = DEPTH): string[] {
  return directoriesIn(folder).flatMap((name) => {
    const inner = join(folder, name);
    if (isRun(inner)) return [name];
    return depth > 1 ? runsBelow(inner, depth - 1).map((below) => `${name}/${below}`) : [];
  });
}

function directoriesIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries.map(({ name }) => name).sort(naturally);
  } catch {
    return []; // no permission, or removed meanwhile
  }
}
