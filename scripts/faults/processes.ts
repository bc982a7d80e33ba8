import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Returns the resident memory of a process in MiB, as Linux counts it. */
export function residentMiB(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (match === null) throw new Error(`process ${pid} has no memory: it has ended`);
  return Number(match[1]) / 1024;
}

let collect: (() => void) | undefined;

/** Returns the resident memory of this process in MiB, after a garbage collection. */
export function ownMiB(): number {
  setFlagsFromString('--expose-gc');
  collect ??= runInNewContext('gc');
  collect?.();
  return process.memoryUsage().rss / 2 ** 20;
}

/** Largest growth of memory since the first look. */
export class MemoryWatch {
  #first: number | undefined;
  #most = 0;

  look(mebibytes: number): void {
    this.#first ??= mebibytes;
    this.#most = Math.max(this.#most, mebibytes);
  }

  get grownMiB(): number {
    return this.#first === undefined ? 0 : this.#most - this.#first;
  }
}
