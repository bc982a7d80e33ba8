import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeDisk } from '../../../src/store/disk/disk';
import { Journal } from '../../../src/store/journal/journal';
import { journalBytes, type Lived, live, type Usual } from './life';
import { CHUNK, type Life, type Plan } from './plan';
import { processesIn } from './processes';
import { doneSchema, type Request } from './request';
import type { Tally } from './tally';
import { differences, type Left, leftIn } from './truth';

/** Programs that all rounds need. */
export interface Tools {
  readonly driver: string;
  readonly python: string;
}

/** Files and timings of an undisturbed case. */
export interface Reference {
  readonly truth: Left;
  readonly usual: Usual;
}

/** Time for a worker to exit after its Node is gone: it takes five seconds, on a busy machine more. */
const LEAVING_MS = 10_000;
/** Maximum number of processes of a run: with more it will not finish. */
const MOST_LIVES = 8;
const QUIET: Life = { how: 'run', window: 3, chunk: CHUNK, point: null, strike: null };
const LOST_MS = { stopped: 4000, other: 30_000 };

/**
 * Runs a case undisturbed, twice: as users do, which is the truth, and in small pieces with many checkpoints, as in the
 * rounds, which must leave the same files.
 */
export async function reference(tools: Tools, directory: string, name: Plan['case']): Promise<Reference> {
  const common = { case: name, how: 'run', window: 3, lostMs: LOST_MS.other } as const;
  const plain = await undisturbed(tools, join(directory, 'plain'), { ...common, chunk: null, checkpointMs: 600_000 });
  const pieces = await undisturbed(tools, join(directory, 'pieces'), { ...common, chunk: CHUNK, checkpointMs: 200 });
  const different = differences(pieces.truth, plain.truth);
  if (different.length > 0)
    throw new Error(`${name}, undisturbed, in pieces of ${CHUNK} steps: ${different.join('; ')}`);
  return { truth: plain.truth, usual: pieces.usual };
}

async function undisturbed(tools: Tools, temporary: string, request: Omit<Request, 'out'>): Promise<Reference> {
  mkdirSync(temporary, { recursive: true });
  const out = join(temporary, 'run');
  const begun = performance.now();
  const lived = await live({ ...tools, temporary }, { ...request, out }, QUIET, null);
  const ms = performance.now() - begun;
  if (lived.code !== 0) throw new Error(`${request.case} fails undisturbed:\n${lived.stderr}`);
  const done = doneSchema.parse(JSON.parse(lived.stdout));
  return { truth: leftIn(out), usual: { ms, journalBytes: journalBytes(out), done } };
}

/** Plays a plan in a directory. @returns failures; empty if all is well */
export async function playRound(
  tools: Tools,
  temporary: string,
  plan: Plan,
  { truth, usual }: Reference,
  tally: Tally,
): Promise<string[]> {
  mkdirSync(temporary, { recursive: true });
  const out = join(temporary, 'run');
  let bothKilled = 0;
  for (let [k, isOver] = [0, false]; !isOver; k += 1) {
    if (k === MOST_LIVES) return [`not finished after ${MOST_LIVES} processes`];
    const life = plan.lives[k] ?? { ...QUIET, how: 'resume' };
    const lived = await live({ ...tools, temporary }, requestOf(plan, out, life), life, usual);
    tally.count(life, lived, k > 0);
    if (lived.struck === 'both') bothKilled += 1;
    const wrong = complaint(life, lived);
    if (wrong !== null) return [`process ${k + 1} ${wrong}`];
    isOver = lived.code === 0;
  }
  return [...differences(leftIn(out), truth), ...(await damage(out)), ...(await leftovers(temporary, bothKilled))];
}

function requestOf(plan: Plan, out: string, { how, window, chunk, strike }: Life): Request {
  return {
    case: plan.case,
    out,
    how: how === 'resume' && !existsSync(join(out, 'config.json')) ? 'run-resume' : how, // it had not begun
    window,
    chunk,
    checkpointMs: plan.checkpointMs,
    lostMs: strike?.victim === 'stop' ? LOST_MS.stopped : LOST_MS.other,
  };
}

/** Error that a user gets if the worker dies before its hello: that is not retried. */
const NOT_STARTED = /^WorkerError: the worker .* was ended by SIGKILL before it could be used/m;

/** Returns the complaint about a process; null if it ended well, or by the SIGKILL that was meant for it. */
function complaint({ point, strike }: Life, { isKilled, code, struck, stderr }: Lived): string | null {
  if (struck === 'worker' && NOT_STARTED.test(stderr)) return null;
  const isMeant = struck === 'node' || struck === 'both' || point !== null;
  if (isKilled ? isMeant : code === 0) return null;
  const what = isKilled ? 'was killed by another process' : `failed with exit code ${code}`;
  return `${what} (planned: ${JSON.stringify({ point, strike })}; struck: ${struck}):\n${stderr}`;
}

/** Checks that a finished run's journal is complete. */
async function damage(out: string): Promise<string[]> {
  const journal = await Journal.open(out, nodeDisk);
  await journal.close();
  return journal.found.torn === null ? [] : ['its journal is not whole'];
}

/**
 * Checks that no process and no socket is left; only a kill of both processes at once may leave a socket, as neither
 * can remove it.
 */
async function leftovers(temporary: string, bothKilled: number): Promise<string[]> {
  const until = performance.now() + LEAVING_MS;
  while (processesIn(temporary).length > 0 && performance.now() < until) await pause(50);
  const left = processesIn(temporary);
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  const sockets = readdirSync(temporary).filter((name) => name !== 'run');
  return [
    ...(left.length > 0 ? [`${left.length} processes are left, ${JSON.stringify(left)}`] : []),
    ...(sockets.length > bothKilled ? [`${sockets.join(', ')} lie about`] : []),
  ];
}
