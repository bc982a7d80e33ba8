import { readdirSync, readFileSync } from 'node:fs';

/** A process as Linux reports it. */
export interface Seen {
  readonly pid: number;
  /** R, S, D, T (stopped), Z (dead, not reaped yet). */
  readonly state: string;
  readonly isWorker: boolean;
}

/** Returns all living processes with this TMPDIR: a run's own, and its workers, even if Node is gone. */
export function processesIn(temporary: string): Seen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).split('\0').includes(`TMPDIR=${temporary}`))
    .map((name) => {
      const isWorker = read(`/proc/${name}/cmdline`).includes('dsptt_worker');
      return { pid: Number(name), state: stateOf(Number(name)), isWorker };
    })
    .filter(({ state }) => state !== '' && state !== 'Z');
}

/** Returns the letter of a process's state; empty if the process is gone. */
export function stateOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0];
}

/** Reads a file of /proc; empty if the process has ended, or is another user's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
