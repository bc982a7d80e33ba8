import { readdirSync, readFileSync } from 'node:fs';

/** A process as Linux shows it. */
export interface Seen {
  readonly pid: number;
  /** R, S, D, T (stopped), Z (dead, not yet taken note of). */
  readonly state: string;
  readonly isWorker: boolean;
}

/** All living processes whose TMPDIR is this directory: a run's own, and its workers, also when Node is gone. */
export function processesIn(temporary: string): Seen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).split('\0').includes(`TMPDIR=${temporary}`))
    .map((name) => {
      const isWorker = read(`/proc/${name}/cmdline`).includes('dsptt_worker');
      return { pid: Number(name), state: stateOf(Number(name)), isWorker };
    })
    .filter(({ state }) => state !== '' && state !== 'Z');
}

/** Its letter; empty once it is gone. */
export function stateOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0];
}

/** A process may end, or be another user's, while we look. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
