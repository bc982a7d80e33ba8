/**
 * What does driving the worker from TypeScript cost? Steps per second over ZeroMQ against the same programs called inside
 * one Python process; one torch thread on both sides, interleaved pairs. Run with `npm run bench:bridge [-- PAIRS]`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Table from 'cli-table3';
import { z } from 'zod';
import { LocalLauncher } from '../../src/bridge/local-launcher';
import { findPython, PACKAGE_ROOT } from '../../src/bridge/python';
import { Worker } from '../../src/bridge/worker';
import type { Floats, Solver } from '../../src/executor/executor';
import { TorchExecutor } from '../../src/executor/torch';
import { pairedRatio } from './pairs';

const PAIRS = Number(process.argv[2] ?? 21);
const STEPS = 300;
const CHUNK = 100;
const CELL = 50;
const LAG = 2;
const TARGET = 0.97;
const PATHS = ['a', 'b', 'c', 'd', 'e'];
const TASK = {
  dataset: { name: 'digits', args: {}, dir: null },
  model: { name: 'conv', args: {} },
  loss: 'crossEntropy',
  precision: 'fp32',
  batchSize: 50,
  batchChunks: 1,
  allowChunkedBn: false,
  seed: 0,
  device: 'cpu',
  threads: 1,
} as const;

const SOLVER: Solver = {
  solver: 'sgd',
  momentum: 0.9,
  nesterov: false,
  weightDecay: 1e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};
const CALIBRATION: Solver = { ...SOLVER, momentum: 0, weightDecay: 0 };

const answered = z.object({ seconds: z.number(), loss: z.number() });
type Timed = z.infer<typeof answered>;
type Side = { readonly descend: (start: number) => Promise<Timed>; readonly search: (start: number) => Promise<Timed> };

async function main(): Promise<void> {
  const worker = await Worker.start(new LocalLauncher());
  const python = inProcess();
  try {
    const sides = [await driven(worker), await called(python.ask)];
    const table = new Table({
      head: ['program', 'over ZeroMQ steps/s', 'in Python steps/s', 'ratio', '95 % interval', 'target', 'met'],
      style: { head: [], border: [] },
    });
    for (const program of ['descend', 'search'] as const) table.push(await measure(program, sides));
    console.log(`digits, conv, batch 50, CPU, 1 thread, ${PAIRS} pairs of ${STEPS} steps; ${new Date().toISOString()}`);
    console.log(table.toString());
  } finally {
    python.end();
    await worker.close();
  }
}

async function measure(program: 'descend' | 'search', sides: readonly Side[]): Promise<string[]> {
  const seconds: number[][] = [[], []];
  for (let pair = -1; pair < PAIRS; pair += 1) {
    const order = pair % 2 === 0 ? [0, 1] : [1, 0];
    const losses: number[] = [];
    for (const side of order) {
      const timed = await sides[side][program]((pair + 1) * STEPS);
      losses[side] = timed.loss;
      if (pair >= 0) seconds[side].push(timed.seconds); // the first pair warms up
    }
    if (losses[0] !== losses[1]) throw new Error(`the two sides differ: loss ${losses[0]} and ${losses[1]}`);
  }
  const { median, low, high } = pairedRatio(seconds[0].map((over, pair) => seconds[1][pair] / over));
  const rate = (times: readonly number[]) => (STEPS / times.toSorted((a, b) => a - b)[times.length >> 1]).toFixed(1);
  const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
  return [
    program,
    rate(seconds[0]),
    rate(seconds[1]),
    median.toFixed(3),
    interval,
    `>= ${TARGET}`,
    high >= TARGET ? 'yes' : 'no',
  ];
}

/** TypeScript drives: programs over ZeroMQ, as a run sends them. */
async function driven(worker: Worker): Promise<Side> {
  const executor = await TorchExecutor.open(worker, TASK, { chunk: CHUNK });
  await executor.newPoint('origin', 'init');
  for (const path of PATHS) await executor.newPath(path, 'origin', path, 'layer');
  await executor.copyPoint('moving', 'origin');
  return {
    descend: (start) =>
      timed(() => executor.descend({ point: 'moving', stream: 'data', start, lr: rates(), solver: SOLVER })),
    search: (start) =>
      timed(async () => {
        const flying: ReturnType<typeof executor.search>[] = [];
        let last: Awaited<(typeof flying)[number]> | undefined;
        for (const [k, cell] of cells().entries()) {
          flying.push(
            executor.search({ paths: PATHS, stream: 'search', start: start + k * CELL, solver: CALIBRATION, ...cell }),
          );
          if (flying.length > LAG) last = await flying.shift();
        }
        for (const answer of flying) last = await answer;
        return last ?? { loss: new Float32Array() };
      }),
  };
}

/** The same programs, called inside one Python process. */
async function called(ask: (command: object) => Promise<Timed>): Promise<Side> {
  await ask({ do: 'open', task: TASK, paths: PATHS });
  const lr = [...rates()];
  const plain = cells().map(({ path, growth, rho2 }) => ({ path: [...path], growth: [...growth], rho2: [...rho2] }));
  return {
    descend: (start) => ask({ do: 'descend', start, lr, chunk: CHUNK, solver: SOLVER }),
    search: (start) => ask({ do: 'search', start, cells: plain, paths: PATHS, solver: CALIBRATION }),
  };
}

async function timed(work: () => Promise<{ readonly loss: Floats }>): Promise<Timed> {
  const start = performance.now();
  const { loss } = await work();
  return { seconds: (performance.now() - start) / 1000, loss: loss[loss.length - 1] };
}

function rates(): Float64Array {
  return new Float64Array(STEPS).fill(0.01);
}

/** Cells that keep every path where it is, so that all pairs do the same work. */
function cells() {
  return Array.from({ length: STEPS / CELL }, () => ({
    path: Int32Array.from({ length: CELL }, (_, i) => i % PATHS.length),
    growth: new Float64Array(CELL).fill(1),
    rho2: new Float64Array(CELL),
  }));
}

function inProcess() {
  const child = spawn(findPython(), [join(__dirname, 'in_process.py')], {
    env: { ...process.env, PYTHONPATH: join(PACKAGE_ROOT, 'python') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ask = async (command: object): Promise<Timed> => {
    const line = once(lines, 'line');
    child.stdin.write(`${JSON.stringify(command)}\n`);
    return answered.parse(JSON.parse(String(await line)));
  };
  return { ask, end: () => child.stdin.end() };
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
