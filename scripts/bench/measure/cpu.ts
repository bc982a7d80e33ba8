import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of CPU time a second on Linux, the same on all machines. */
const TICKS_PER_S = 100;

/** A process as in Linux's /proc/PID/stat; ticks: its own CPU time and that of its children that have ended. */
interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** Returns the CPU time that a process and its descendants have used so far, in seconds; only on Linux. */
export function cpuOfTree(root: number): number {
  const stats = readdirSync('/proc').flatMap(statOf);
  const ticks = ({ pid, ticks: own }: Stat): number =>
    stats.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + ticks(child), own);
  const [found] = stats.filter(({ pid }) => pid === root);
  return ticks(found) / TICKS_PER_S;
}

/** Returns the process of a /proc entry; empty if the entry is not a process, or the process has just ended. */
function statOf(name: string): Stat[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    // The program's name, in brackets, may hold spaces and brackets.
    const [, parent, ...rest] = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/.*\) /s, '').split(' ').map(Number);
    return [{ pid: Number(name), parent, ticks: rest.slice(9, 13).reduce((sum, count) => sum + count) }];
  } catch {
    return [];
  }
}
