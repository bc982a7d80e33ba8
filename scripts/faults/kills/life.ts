import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Life, type Moment, timesAt, type Victim } from './plan';
import { processesIn, stateOf } from './processes';
import type { Done, Request } from './request';

/** Durations and sizes of an undisturbed case. */
export interface Usual {
  readonly ms: number;
  readonly journalBytes: number;
  readonly done: Done;
}

/** Output and end of a process, and the kills that really hit it. */
export interface Lived {
  /** True if SIGKILL ended it, ours or its own. */
  readonly isKilled: boolean;
  /** Exit code; null if it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly struck: Victim | null;
  readonly isPointHit: boolean;
}

export interface Place {
  readonly driver: string;
  readonly python: string;
  /** TMPDIR of its processes alone, by which they are found. */
  readonly temporary: string;
}

const LOOK_MS = 3;
const HANGS_MS = 300_000;

/** Starts a process, carries out the plan on it, and waits for its end. @throws Error if it hangs */
export async function live(place: Place, request: Request, life: Life, usual: Usual | null): Promise<Lived> {
  const { driver, python, temporary } = place;
  const child = spawn(process.execPath, [driver, JSON.stringify(request)], {
    env: {
      ...process.env,
      TMPDIR: temporary,
      DSPTT_PYTHON: python,
      OMP_NUM_THREADS: '1',
      DSPTT_KILL_AT: at(life, usual),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const ended = once(child, 'close');
  const timer = setTimeout(() => child.kill('SIGABRT'), HANGS_MS);
  const struck =
    life.strike === null || usual === null ? null : await strike(child, request.out, place, life.strike, usual);
  await ended;
  clearTimeout(timer);
  const { exitCode: code, signalCode } = child;
  if (signalCode === 'SIGABRT') throw new Error(`hangs: no end within ${HANGS_MS / 1000} s\n${output.stderr}`);
  const isKilled = signalCode === 'SIGKILL';
  const isNodes = struck === 'node' || struck === 'both';
  return {
    isKilled,
    code,
    ...output,
    struck: isNodes && !isKilled ? null : struck,
    isPointHit: isKilled && !isNodes,
  };
}

/** Returns the value of DSPTT_KILL_AT. */
function at({ point }: Life, usual: Usual | null): string {
  if (point === null || usual === null) return '';
  return `${point.name}:${1 + Math.floor(point.share * timesAt(point.name, usual.done))}`;
}

/**
 * Waits for the moment, then strikes.
 * @returns the victim that was really hit; null if the process or the run had ended
 */
async function strike(
  child: ChildProcess,
  run: string,
  { temporary }: Place,
  { victim, moment }: NonNullable<Life['strike']>,
  usual: Usual,
): Promise<Victim | null> {
  const isOver = () => child.exitCode !== null || child.signalCode !== null || existsSync(join(run, 'result.json'));
  const isDue = momentOf(moment, run, usual);
  while (!isDue()) {
    if (isOver()) return null;
    await pause(LOOK_MS);
  }
  if (victim === 'node') return isOver() || !child.kill('SIGKILL') ? null : victim;
  for (;;) {
    const worker = processesIn(temporary).find(({ isWorker }) => isWorker)?.pid;
    if (isOver()) return null;
    if (worker !== undefined) return (await hit(child, worker, victim)) ? victim : null;
    await pause(LOOK_MS);
  }
}

function momentOf({ by, share, afterCheckpoint }: Moment, run: string, usual: Usual): () => boolean {
  const begun = performance.now();
  const before = journalBytes(run);
  const enough = before + share * Math.max(0, usual.journalBytes - before);
  const hasCheckpoint = () => readable(join(run, 'checkpoints')).some((name) => name.endsWith('.json'));
  return () => {
    if (afterCheckpoint && !hasCheckpoint()) return false;
    return by === 'time' ? performance.now() - begun >= share * usual.ms : journalBytes(run) > enough;
  };
}

/** @returns true if the signals had their effect */
async function hit(child: ChildProcess, worker: number, victim: Victim): Promise<boolean> {
  if (!signalled(worker, victim === 'stop' ? 'SIGSTOP' : 'SIGKILL')) return false;
  const isNodeHit = victim !== 'both' || child.kill('SIGKILL');
  const isIn = (state: string) => (victim === 'stop' ? state === 'T' : state === '' || state === 'Z');
  while (!isIn(stateOf(worker))) {
    if (stateOf(worker) === '') return false;
    await pause(LOOK_MS);
  }
  return isNodeHit;
}

function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it has just ended
  }
}

/** Returns the size of a run's journal in bytes; 0 if there is none yet. */
export function journalBytes(run: string): number {
  return statSync(join(run, 'journal.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
}

function readable(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
