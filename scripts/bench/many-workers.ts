/**
 * Measures what many placed workers cost Node: `dsptt compare --at-once N` on N workers whose steps only take time, for a
 * while in which all train. Prints the cores and the memory of that Node alone. Needs Linux.
 *
 *   npx ts-node -T scripts/bench/many-workers.ts [WORKERS [SECONDS]]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPython, PACKAGE_ROOT } from '../../src/bridge/workers/python';

const TICKS_PER_S = 100;
const LOOK_MS = 500;
/** Least size of a journal whose run trains, in bytes. */
const TRAINS = 8000;

async function main(workers: number, seconds: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'many-workers-'));
  const python = join(directory, 'python');
  const program = join(__dirname, 'python', 'idle_worker.py');
  writeFileSync(python, `#!/bin/sh\nexec '${findPython()}' '${program}' "$@"\n`, { mode: 0o755 });
  const node = spawn(process.execPath, [join(PACKAGE_ROOT, 'scripts', 'dsptt.js'), ...runs(workers, python)], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(node, 'exit');
  try {
    const journals = Array.from({ length: workers }, (_, k) => join(directory, 'out', `single-${k}`, 'journal.jsonl'));
    const trains = (journal: string) => existsSync(journal) && statSync(journal).size > TRAINS;
    while (!journals.every(trains)) {
      if (node.exitCode !== null) throw new Error(`dsptt has ended with ${node.exitCode}`);
      await pause(LOOK_MS);
    }
    const bytes = () => journals.reduce((sum, journal) => sum + statSync(journal).size, 0);
    const before = { cpu: cpuSeconds(node.pid), bytes: bytes(), at: performance.now() };
    await pause(seconds * 1000);
    const took = (performance.now() - before.at) / 1000;
    const cores = (cpuSeconds(node.pid) - before.cpu) / took;
    const journal = (bytes() - before.bytes) / took / 1000;
    const { now, peak } = memoryOf(node.pid);
    process.stdout.write(
      `${workers} workers, ${took.toFixed(0)} s: Node took ${cores.toFixed(3)} of a core and ${now} MB, ${peak} MB at most; its journals grew by ${journal.toFixed(0)} KB a second\n`,
    );
  } finally {
    node.kill('SIGKILL'); // the workers' standard input ends with it
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Returns the arguments of `dsptt` for as many runs as workers, each of the paper's length. */
function runs(workers: number, python: string): string[] {
  return [
    ...['compare', '--preset', 'digits', '--methods', 'single', '--seeds', `0-${workers - 1}`],
    ...['--at-once', String(workers), '--budget', '100000', '--set', 'validation.every=never'],
    ...['--on', 'command env', '--worker-python', python, '--out', 'out', '--quiet'],
  ];
}

/** Returns the CPU time that a process has used so far, all its threads and none of its children, in seconds. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ').map(Number);
  return (fields[11] + fields[12]) / TICKS_PER_S;
}

/** Returns the memory of a process in MB: now, and at most so far. */
function memoryOf(pid: number | undefined): { readonly now: string; readonly peak: string } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [now, peak] = ['VmRSS', 'VmHWM'].map((name) => new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
  return { now: (Number(now) / 1000).toFixed(0), peak: (Number(peak) / 1000).toFixed(0) };
}

const [workers = 64, seconds = 60] = process.argv.slice(2).map(Number);
void main(workers, seconds);
