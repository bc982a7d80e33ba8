import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { launcherOn } from '../../src/bridge/placed/placement';
import type { Launcher } from '../../src/bridge/workers/launcher';
import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { Worker } from '../../src/bridge/workers/worker';
import { type Engine, engineOf } from './kills/engines';
import type { FaultOptions } from './options';

const DEFAULT_ROUNDS = 5;
const LOOK_MS = 5;

/** Measures what a place costs: the time from asking to serving, here and there, and the time until a loss is known. */
export async function run({ rounds = DEFAULT_ROUNDS, on = 'ray' }: FaultOptions): Promise<boolean> {
  const engine = engineOf(on);
  try {
    await engine.start();
    Object.assign(process.env, engine.env);
    const keeper = await Worker.start(launcherOn(engine.on)); // its pool stays meanwhile
    await times('asked to serving, here', rounds, () => served(new LocalLauncher()));
    await times(`asked to serving, ${on}`, rounds, () => served(launcherOn(engine.on)));
    await times('the end of a worker until it is known', rounds, () => lost(engine));
    const helper = engine.helper(process.pid);
    if (helper !== undefined) console.log(`what stands between Node and the workers: ${memoryOf(helper)} MB`);
    await keeper.close();
  } finally {
    await engine.stop();
  }
  return true;
}

async function times(what: string, rounds: number, measure: () => Promise<number>): Promise<void> {
  const all: number[] = [];
  while (all.length < rounds) all.push(await measure());
  const seconds = all.sort((a, b) => a - b).map((ms) => (ms / 1000).toFixed(2));
  console.log(`${what}: median ${seconds[Math.floor(rounds / 2)]} s of ${seconds.join(', ')}`);
}

async function served(launcher: Launcher): Promise<number> {
  const asked = performance.now();
  const worker = await Worker.start(launcher);
  const ms = performance.now() - asked;
  await worker.close();
  return ms;
}

async function lost(engine: Engine): Promise<number> {
  const worker = await Worker.start(launcherOn(engine.on));
  process.kill(worker.hello.pid, 'SIGKILL');
  const began = performance.now();
  while (worker.failure === undefined) await pause(LOOK_MS);
  const ms = performance.now() - began;
  await worker.close();
  return ms;
}

/** Returns the memory of a process in MB: its own, and its part of what it shares. */
function memoryOf(pid: number): number {
  const [, kilobytes = 'NaN'] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1000);
}
