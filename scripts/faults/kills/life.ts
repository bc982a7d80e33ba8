import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Life, type Moment, timesAt, type Victim } from './plan';
import { processesIn, stateOf } from './processes';
import type { Done, Request } from './request';

/** How a case goes when nothing happens to it. */
export interface Usual {
  readonly ms: number;
  readonly journalBytes: number;
  readonly done: Done;
}

/** What a process did, and what really happened to it. */
export interface Lived {
  /** By SIGKILL, ours or its own, or by itself. */
  readonly isKilled: boolean;
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly struck: Victim | null;
  readonly isPointHit: boolean;
}

export interface Place {
  readonly driver: string;
  readonly python: string;
  /** The TMPDIR of its processes alone, by which they are known. */
  readonly temporary: string;
}

const LOOK_MS = 3;
const HANGS_MS = 300_000;

/** Start a process, do to it what is planned, and wait for its end. @throws Error when it hangs */
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

/** What DSPTT_KILL_AT is to be. */
function at({ point }: Life, usual: Usual | null): string {
  if (point === null || usual === null) return '';
  return `${point.name}:${1 + Math.floor(point.share * timesAt(point.name, usual.done))}`;
}

/** Wait for the moment, then strike. @returns whom it really hit; null where the process had ended, or the run */
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

/** @returns whether the signals did what they are for */
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

/** Bytes of a run's journal; 0 where there is none yet. */
export function journalBytes(run: string): number {
  return statSync(join(run, 'journal.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
}

function readable(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
