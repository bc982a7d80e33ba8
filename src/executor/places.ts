import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Origin } from './origin';

/** Rules to find the files that a configuration names, and that may have moved since they were named. */
export interface Places {
  /** Returns the absolute paths at which a stated one may lie now, the likeliest first. */
  readonly of: (stated: string) => readonly string[];
  /** Hashes of the files as they were read. */
  readonly origin: Origin;
}

/** Paths start at the current folder. */
export const HERE: Places = { of: (stated) => [resolve(stated)], origin: {} };

/** Hashes of a user's files, by their paths from a folder. */
type Code = Readonly<Record<string, string>>;

/** Returns a file of code: the first that is what it was, with all files that it imports. */
export function codeFile(stated: string, { of }: Places, code: Code = {}): string {
  return chosen(of(stated), (file) => isCode(dirname(file), code));
}

/** Returns the folder of a module `package.module`: the first that holds it as it was, with all files that it imports. */
export function moduleFolder(name: string, { of }: Places, code: Code = {}): string {
  const [top] = name.split('.');
  const holding = of('.').filter((folder) => [top, `${top}.py`].some((entry) => existsSync(join(folder, entry))));
  return chosen(holding.length > 0 ? holding : of('.'), (folder) => isCode(folder, code));
}

/** Returns the file of weights: the first that is what it was. */
export function weightsFile(stated: string, { of, origin }: Places): string {
  return chosen(of(stated), (file) => origin.weightsSha256 === hashOf(file));
}

/** Returns the first path that passes, else the first that exists, else the last: where a user looks first. */
function chosen(paths: readonly string[], isIt: (path: string) => boolean): string {
  const there = paths.filter((path) => existsSync(path));
  const found = there.length > 1 ? there.find(isIt) : undefined;
  return found ?? there[0] ?? paths[paths.length - 1];
}

/** Reports whether a folder holds the files with these hashes. */
function isCode(folder: string, code: Code): boolean {
  return Object.entries(code).every(([name, sha256]) => sha256 === hashOf(join(folder, name)));
}

function hashOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined; // it is missing, or no file
  }
}
