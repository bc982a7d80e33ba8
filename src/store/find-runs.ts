import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { naturally } from '../natural-order';

/** Folders within folders that are looked through: those of comparisons hold a run a method and seed. */
const DEPTH = 2;

/** Whether a directory looks like a run, begun at least. */
export function isRun(path: string): boolean {
  return existsSync(join(path, 'config.json')) || existsSync(join(path, 'journal.jsonl'));
}

/** The runs of a folder, and of the folders in it: their paths from there, in order. Links are not followed. */
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
    return []; // may not be entered, or is gone again
  }
}
