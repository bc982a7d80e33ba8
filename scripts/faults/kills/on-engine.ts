import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findPython } from '../../../src/bridge/workers/python';
import { Dice } from '../dice';
import { build } from './build';
import { CASE_NAMES } from './cases';
import { type Engine, engineOf } from './engines';
import { journalBytes } from './life';
import { CHUNK } from './plan';
import type { Request } from './request';
import { type Reference, reference, type Tools } from './round';
import { differences, leftIn } from './truth';

const VICTIMS = ['worker', 'place', 'helper', 'Node'] as const;
type Victim = (typeof VICTIMS)[number];

/** Time for all workers to be gone after a run, in ms. */
const LEAVING_MS = 10_000;
const HANGS_MS = 300_000;
const LOOK_MS = 20;

/**
 * Kills parts of runs on an engine at random moments: the worker, its place, what stands between, and Node in turn; a
 * run whose Node was killed is resumed without the engine. All must leave the files of an undisturbed run here.
 */
export async function killOnEngine(name: string, rounds: number, seed: number): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'de-'));
  const tools = { driver: build(directory), python: findPython() };
  const engine = engineOf(name);
  const references = new Map<string, Reference>();
  const failures: string[] = [];
  const counts = new Map<Victim, number>();
  try {
    await engine.start();
    for (let round = 0; round < rounds; round += 1) {
      const victim = VICTIMS[round % VICTIMS.length];
      const which = CASE_NAMES[Math.floor(round / VICTIMS.length) % CASE_NAMES.length];
      const known = references.get(which) ?? (await reference(tools, join(directory, which), which));
      references.set(which, known);
      const folder = join(directory, `round${round}`);
      mkdirSync(folder);
      const share = new Dice(seed, round).below(80) / 100;
      const played = await playOn(engine, tools, folder, { which, victim, share }, known);
      counts.set(victim, (counts.get(victim) ?? 0) + (played.isStruck ? 1 : 0));
      failures.push(...played.wrong.map((wrong) => `round ${round} (${which}, ${victim}): ${wrong}`));
      console.log(`round ${round}: ${which}, ${victim} ${played.isStruck ? 'killed' : 'not met'}, ${played.told}`);
    }
  } finally {
    await engine.stop();
    rmSync(directory, { recursive: true });
  }
  for (const failure of failures) console.log(failure);
  const killed = VICTIMS.map((victim) => `${victim} ${counts.get(victim) ?? 0}`).join(', ');
  console.log(`${name}: ${rounds} rounds; killed: ${killed}; ${failures.length} failures`);
  return failures.length === 0;
}

interface Misfortune {
  readonly which: Request['case'];
  readonly victim: Victim;
  readonly share: number;
}

async function playOn(
  engine: Engine,
  tools: Tools,
  folder: string,
  { which, victim, share }: Misfortune,
  { truth, usual }: Reference,
): Promise<{ isStruck: boolean; wrong: string[]; told: string }> {
  const out = join(folder, 'run');
  const request: Request = {
    ...{ case: which, out, how: 'run', window: 3, chunk: CHUNK, checkpointMs: 200, lostMs: 30_000, on: engine.on },
  };
  const began = performance.now();
  const driver = start(tools, folder, request, engine.env);
  const due = share * usual.journalBytes;
  const isOver = () => driver.child.exitCode !== null || existsSync(join(out, 'result.json'));
  while (!isOver() && (journalBytes(out) <= due || engine.workers().length === 0)) await pause(LOOK_MS);
  const isStruck = !isOver() && strike(engine, driver.child, victim);
  const ended = await driver.ended;
  const wrong: string[] = [];
  if (ended.code === null) {
    const again = start(
      tools,
      folder,
      { ...request, how: existsSync(join(out, 'config.json')) ? 'resume' : 'run-resume', on: undefined },
      {},
    );
    const { code, stderr } = await again.ended;
    if (code !== 0) wrong.push(`resumed without the engine, it ended with ${code}: ${stderr}`);
  } else if (ended.code !== 0) wrong.push(`it ended with ${ended.code}: ${ended.stderr}`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (wrong.length === 0) wrong.push(...differences(leftIn(out), truth));
  const leaving = performance.now() + (engine.on === 'ray' || victim !== 'helper' ? LEAVING_MS : 13 * LEAVING_MS);
  while (engine.workers().length > 0 && performance.now() < leaving) await pause(100);
  if (engine.workers().length > 0) wrong.push(`${engine.workers().length} workers are left`);
  return { isStruck, wrong, told: `${seconds} s, ${wrong.length === 0 ? 'equal' : 'DIFFERS'}` };
}

/** @returns true if there was a victim */
function strike(engine: Engine, driver: ChildProcess, victim: Victim): boolean {
  if (victim === 'Node') return driver.kill('SIGKILL');
  if (victim === 'place') {
    engine.loseNode();
    return true;
  }
  const pid = victim === 'worker' ? engine.workers()[0] : engine.helper(driver.pid ?? 0);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGKILL');
  return true;
}

function start({ driver, python }: Tools, folder: string, request: Request, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [driver, JSON.stringify(request)], {
    env: { ...process.env, DSPTT_PYTHON: python, OMP_NUM_THREADS: '1', TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.resume();
  const timer = setTimeout(() => child.kill('SIGABRT'), HANGS_MS);
  const ended = once(child, 'close').then(() => {
    clearTimeout(timer);
    return { code: child.exitCode, stderr };
  });
  return { child, ended };
}
