/**
 * A program that owns a worker, for tests that end it in every way: starts a worker and a long program on it, prints
 * `{"pid": ..., "directory": ...}`, and then waits, or throws where nobody catches (`throw`), or leaves (`exit`).
 */
import path from 'node:path';
import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { Worker } from '../../src/bridge/workers/worker';

async function own(ending: string | undefined): Promise<void> {
  const handle = await new LocalLauncher().start();
  const worker = await Worker.start({ start: async () => handle }, { beatMs: 20 });
  await worker.request('open', {
    dataset: { name: 'wine', args: {}, dir: null },
    model: { name: 'mlp', args: {}, python: null, weights: null },
    loss: 'crossEntropy',
    precision: 'fp32',
    batchSize: 30,
    batchChunks: 1,
    allowChunkedBn: false,
    seed: 0,
    device: 'cpu',
    threads: 1,
  });
  await worker.request('newPoint', { point: 'a', stream: 'init' });
  const solver = {
    solver: 'sgd',
    momentum: 0.9,
    nesterov: false,
    weightDecay: 0,
    beta1: 0,
    beta2: 0,
    epsilon: 1,
  } as const;
  const schedules = { lr: new Float64Array(1_000_000).fill(0.01), noise: new Float64Array(0) };
  const program = { point: 'a', stream: 'data', start: 0, solver, capture: [], ...schedules };
  worker.request('descend', program).catch(() => {});
  const waiting = setInterval(() => {
    if (worker.steps === 0) return; // not before a beat shows the program running
    clearInterval(waiting);
    console.log(JSON.stringify({ pid: worker.hello.pid, directory: path.dirname(handle.work.replace('ipc://', '')) }));
    if (ending === 'throw') throw new Error('nobody catches this');
    if (ending === 'exit') process.exit(3);
    setInterval(() => {}, 1_000_000); // until it is killed
  }, 20);
}

void own(process.argv[2]);
