import type { Worker } from '../../src/bridge/worker';
import type { SearchProgram } from '../../src/executor/executor';
import { type ProgramProgress, TorchExecutor, type TorchOptions } from '../../src/executor/torch';
import { DIGITS, SGD, startWorker } from '../builders';

const STEPS = 24;

const SEARCH: SearchProgram = {
  paths: ['p', 'q'],
  stream: 'data/search',
  start: 3,
  path: Int32Array.from({ length: STEPS }, (_, i) => (i * i) % 2),
  growth: Float64Array.from({ length: STEPS }, (_, i) => (i < 2 ? 0.05 : 1.1)),
  rho2: new Float64Array(STEPS).fill(0.01),
  capture: [0, 6, 7, 23],
};

/** Train a point, search two paths from it, go on from one of them: everything that it answered on the way. */
async function program(worker: Worker, options: TorchOptions) {
  const executor = await TorchExecutor.open(worker, DIGITS, options);
  await executor.newPoint('a', 'init');
  const lr = Float64Array.from({ length: STEPS }, (_, i) => 0.1 / (i + 1));
  const descent = await executor.descend({ point: 'a', stream: 'data', start: 0, lr, solver: SGD });
  await executor.newPath('p', 'a', 'direction/p', 'layer');
  await executor.newPath('q', 'a', 'direction/q', 'layer');
  const search = await executor.search(SEARCH);
  await executor.pointFromPath('b', 'q');
  await executor.reestimate('b', 'data/statistics');
  const second = await executor.descend({ point: 'b', stream: 'data/b', start: 5, lr, solver: SGD });
  const files = [await executor.savePoint('a', {}), await executor.savePoint('b', { name: 'b' })];
  const { outputs, loss, errorPct } = await executor.evaluate('b', 'test');
  return { descent, search, second, files, outputs, loss, errorPct, distances: await executor.distances(['a', 'b']) };
}

describe('the executor of a PyTorch worker', () => {
  const workers = new Map<number, Worker>();
  let expected: Awaited<ReturnType<typeof program>>;
  beforeAll(async () => {
    for (const window of [1, 3]) workers.set(window, (await startWorker({ window })).worker);
    expected = await program(workerOf(1), { chunk: 1 });
  });
  afterAll(async () => {
    for (const worker of workers.values()) await worker.close();
  });

  function workerOf(window: number): Worker {
    const worker = workers.get(window);
    if (worker === undefined) throw new Error(`no worker of window ${window}`);
    return worker;
  }

  it.each([
    { window: 1, chunk: 7 },
    { window: 1, chunk: 1000 },
    { window: 3, chunk: 1 },
    { window: 3, chunk: 7 },
    { window: 3, chunk: 1000 },
  ])('answers the same bits with $window programs of $chunk steps on the wire', async ({ window, chunk }) => {
    expect(await program(workerOf(window), { chunk })).toEqual(expected);
  });

  it('answers a loss and a norm a step, a cosine a path, and the parameters of the captured steps', () => {
    const { descent, search } = expected;
    expect([descent.loss.length, search.loss.length, search.norm.length]).toEqual([STEPS, STEPS, STEPS]);
    expect([...descent.loss, ...search.loss, ...search.norm].every(Number.isFinite)).toBe(true);
    expect(search.cosine).toHaveLength(2);
    expect(Math.min(...search.cosine)).toBeGreaterThan(0.9);
    expect(new Set(search.captured.map(({ length }) => length)).size).toBe(1);
    expect(search.captured).toHaveLength(4);
  });

  it('measures a displacement where the captured parameters lie', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    await executor.newPath('p', 'a', 'direction/p', 'layer');
    const twice = { path: new Int32Array(2), growth: Float64Array.of(0.5, 2), rho2: new Float64Array(2) };
    const { captured, norm, cosine } = await executor.search({ ...SEARCH, ...twice, paths: ['p'], capture: [0, 1] });
    const apart = Math.hypot(...captured[0].map((value, i) => captured[1][i] - value));
    expect(norm[1] / norm[0]).toBeCloseTo(2, 5);
    expect(apart / norm[0]).toBeCloseTo(1, 4);
    expect(cosine[0]).toBeCloseTo(1, 6);
  });

  it('takes commands that are given before the first is answered, in their order', async () => {
    const executor = await TorchExecutor.open(workerOf(3), DIGITS);
    const made = executor.newPoint('a', 'init');
    const lr = new Float64Array(5).fill(0.1);
    const trained = executor.descend({ point: 'a', stream: 'data', start: 0, lr, solver: SGD });
    const copied = executor.copyPoint('b', 'a');
    await Promise.all([made, trained, copied]);
    expect(await executor.savePoint('b', {})).toEqual(await executor.savePoint('a', {}));
  });

  it('loads back what it saved', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.loadPoint('a', expected.files[1]);
    expect((await executor.evaluate('a', 'test')).outputs).toEqual(expected.outputs);
    expect(await executor.savePoint('a', { name: 'b' })).toEqual(expected.files[1]);
  });

  it('saves a point as the same bytes every time, whatever is said about it', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    const about = { name: 'a', tier: '1', parent: 'tier0', note: 'none' };
    const files: Uint8Array[] = [];
    for (let k = 0; k < 5; k += 1) files.push(await executor.savePoint('a', about));
    for (const file of files) expect(file).toEqual(files[0]);
  });

  it('tells after each piece how far a program is', async () => {
    const told: ProgramProgress[] = [];
    const executor = await TorchExecutor.open(workerOf(3), DIGITS, { chunk: 4, onProgress: (p) => told.push(p) });
    await executor.newPoint('a', 'init');
    const lr = new Float64Array(10).fill(0.1);
    const { loss } = await executor.descend({ point: 'a', stream: 'data', start: 0, lr, solver: SGD });
    expect(told).toEqual(
      [
        { done: 4, steps: 4 },
        { done: 8, steps: 4 },
        { done: 10, steps: 2 },
      ].map((piece) => ({ program: 'descend', what: 'a', total: 10, loss: loss[piece.done - 1], ...piece })),
    );
  });

  it('draws another network from another stream or seed', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    await executor.newPoint('b', 'init/other');
    const [a, b] = [await executor.savePoint('a', {}), await executor.savePoint('b', {})];
    const other = await TorchExecutor.open(workerOf(1), { ...DIGITS, seed: 1 });
    await other.newPoint('a', 'init');
    const c = await other.savePoint('a', {});
    expect(a).not.toEqual(b);
    expect(a).not.toEqual(c);
  });
});
