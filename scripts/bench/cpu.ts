import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second on all machines. */
const TICKS_PER_S = 100;

/** A process as Linux's /proc/PID/stat has it; ticks: of its own CPU time and that of its children that have ended. */
interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** CPU time that a process and its descendants have used so far, in seconds; only on Linux. */
export function cpuOfTree(root: number): number {
  const stats = readdirSync('/proc').flatMap(statOf);
  const ticks = ({ pid, ticks: own }: Stat): number =>
    stats.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + ticks(child), own);
  const [found] = stats.filter(({ pid }) => pid === root);
  return ticks(found) / TICKS_PER_S;
}

/** None for what is no process, or has just ended. */
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
