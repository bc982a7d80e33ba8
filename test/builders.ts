import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Launcher, WorkerHandle } from '../src/bridge/workers/launcher';
import { LocalLauncher } from '../src/bridge/workers/local-launcher';
import { Worker, type WorkerOptions } from '../src/bridge/workers/worker';
import { resolveConfig } from '../src/config/resolve';
import type { Config, ConfigInput } from '../src/config/schema';
import type { TaskSpec } from '../src/executor/task-spec';
import { processes } from './machine';

export { processes, until } from './machine';

export const ROOT = path.resolve(__dirname, '..');

/** Lets a file's tests start Python itself, as users do, where others have workers that are forked (test/preload). */
export function usePlainPython(): void {
  const { DSPTT_PLAIN_PYTHON } = process.env;
  if (DSPTT_PLAIN_PYTHON !== undefined) process.env.DSPTT_PYTHON = DSPTT_PLAIN_PYTHON;
}

/** For `node -r`, so that a program of ours is run whose file is TypeScript. */
export const REGISTER = path.join(ROOT, 'test', 'register.js');

/** A fresh directory that is removed after the tests of this file. Its name is short: sockets may lie in it. */
export function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'dt-'));
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The directories of workers' sockets in a temporary directory. */
export function workerDirectories(temporary: string): string[] {
  return fs.readdirSync(temporary).filter((name) => name.startsWith('dsptt-'));
}

/** A task whose networks are trained one after the other. */
type PlainTask = Omit<TaskSpec, 'membersAtOnce' | 'membersWay'>;

/** The quickest task there is: wine and a small perceptron on one thread. */
export const WINE: PlainTask = {
  dataset: { name: 'wine', args: {}, dir: null },
  model: { name: 'mlp', args: { hidden: [16] } },
  loss: 'crossEntropy',
  precision: 'fp32',
  batchSize: 30,
  batchChunks: 1,
  allowChunkedBn: false,
  seed: 0,
  device: 'cpu',
  threads: 1,
};

/** Digits and the convolutional network with batch norm: a task with buffers. */
export const DIGITS: PlainTask = {
  ...WINE,
  dataset: { ...WINE.dataset, name: 'digits' },
  model: { name: 'conv', args: {} },
};

/** A search at a pace that leaves the stability region within a few dozen steps, and judges it in small cells. */
export const FAST_SEARCH = {
  tiers: [3],
  rho1: { increment: 0.05 },
  detector: { buffer: 3, decay: 0.7, minRise: 0.05, startBatches: 3 },
  decideEvery: 5,
} satisfies ConfigInput['dspTt'];

/** The same as settings of the command line. */
export const FAST_SEARCH_FLAGS = [
  '--paths=3',
  '--set=dspTt.rho1.increment=0.05',
  '--set=dspTt.detector={buffer: 3, decay: 0.7, minRise: 0.05, startBatches: 3}',
  '--set=dspTt.decideEvery=5',
];

/** A configuration of a few hundred steps at most: a preset (wine), a fast search, and what differs. */
export function tinyConfig(...values: readonly ConfigInput[]): Config {
  const tiny: ConfigInput = { preset: 'wine', budget: { steps: 250 }, dspTt: FAST_SEARCH };
  return resolveConfig([tiny, ...values].map((layer) => ({ from: 'test', values: layer })));
}

/** Starts local workers and keeps their handles, so that a test can see what they leave behind. */
export class WatchedLauncher implements Launcher {
  readonly handles: WorkerHandle[] = [];
  readonly #launcher: Launcher;

  constructor(python?: string) {
    this.#launcher = new LocalLauncher(python);
  }

  async start(): Promise<WorkerHandle> {
    const handle = await this.#launcher.start();
    this.handles.push(handle);
    return handle;
  }

  /** The directories of the sockets of all workers so far. */
  get directories(): string[] {
    return this.handles.map(({ work }) => path.dirname(work.replace(/^ipc:\/\//, '')));
  }

  get processIds(): number[] {
    return this.handles.map(({ description }) => Number(/pid (\d+)/.exec(description)?.[1]));
  }
}

const workers: Worker[] = [];
afterAll(async () => {
  for (const worker of workers) await worker.close();
});

/** A worker of its own for a test, with where it lies; it is closed after the tests of this file at the latest. */
export async function startWorker(
  options: WorkerOptions = {},
): Promise<{ worker: Worker; pid: number; directory: string }> {
  const launcher = new WatchedLauncher();
  const worker = await Worker.start(launcher, options);
  workers.push(worker);
  return { worker, pid: worker.hello.pid, directory: launcher.directories[0] };
}

export function isRunning(pid: number): boolean {
  return processes().some((process) => process.pid === pid);
}

/** The workers that a process has started and that still run. */
export function workersOf(parent: number): number[] {
  return processes()
    .filter((process) => process.parent === parent && process.command.includes('dsptt_worker'))
    .map(({ pid }) => pid);
}

/** The error that a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('expected an error, but it succeeded');
}

/** The number of a process that has ended. */
export function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}
