import type { Worker } from '../../src/bridge/workers/worker';
import { ProtocolError } from '../../src/errors';
import type { ProgramProgress } from '../../src/executor/program-progress';
import type { TaskSpec } from '../../src/executor/task-spec';
import { TorchExecutor, type TorchOptions } from '../../src/executor/torch';
import type { Floats, SearchProgram, Solver } from '../../src/trust-tech/space';
import { SGD } from '../bridge/requests';
import { DIGITS, failureOf, startWorker, WINE } from '../builders';

const STEPS = 24;
const ADAMW: Solver = { ...SGD, solver: 'adamw', weightDecay: 0.01 };
const PLAIN: Solver = { ...SGD, momentum: 0, weightDecay: 0 };

/** The paper's network for wine quality (figure 3c), on the full gradient. */
const WINE_QUALITY: TaskSpec = {
  ...WINE,
  dataset: { name: 'winequality', args: {}, dir: null },
  model: { name: 'mlp', args: { hidden: [5], activation: 'tanh', hiddenBias: false } },
  loss: 'meanSquared',
  batchSize: 'full',
};

const SEARCH: SearchProgram = {
  paths: ['p', 'q'],
  stream: 'data/search',
  start: 3,
  path: Int32Array.from({ length: STEPS }, (_, i) => (i * i) % 2),
  growth: Float64Array.from({ length: STEPS }, (_, i) => (i < 2 ? 0.05 : 1.1)),
  rho2: new Float64Array(STEPS).fill(0.01),
  solver: PLAIN,
  capture: [7, 0, 23, 6, 7],
};

/** Euclidean. */
const distance = (a: Floats, b: Floats) => Math.hypot(...Array.from(a, (value, i) => value - b[i]));

/** Train a point, search two paths from it, go on from one of them: everything that it answered on the way. */
async function program(worker: Worker, options: TorchOptions) {
  const executor = await TorchExecutor.open(worker, DIGITS, options);
  await executor.newPoint('a', 'init');
  const lr = Float64Array.from({ length: STEPS }, (_, i) => 0.1 / (i + 1));
  const noise = Float64Array.from({ length: STEPS }, (_, i) => 0.01 * (i % 3));
  const noisy = { noise, capture: [9, 23, 0, 9, 13] };
  const descent = await executor.descend({ point: 'a', stream: 'data', start: 0, lr, solver: SGD, ...noisy });
  await executor.newPath('p', 'a', 'direction/p', 'layer');
  await executor.newPath('q', 'a', 'direction/q', 'layer');
  const search = await executor.search(SEARCH);
  const calibrated = await executor.search({ ...SEARCH, start: 40, solver: ADAMW });
  await executor.pointFromPath('b', 'q');
  await executor.reestimate('b', 'data/statistics');
  const second = await executor.descend({ point: 'b', stream: 'data/b', start: 5, lr, solver: ADAMW });
  const files = [await executor.savePoint('a', {}), await executor.savePoint('b', { name: 'b' })];
  const { outputs, loss, errorPct } = await executor.evaluate('b', 'test');
  return {
    descent,
    search,
    calibrated,
    second,
    files,
    outputs,
    loss,
    errorPct,
    distances: await executor.distances(['a', 'b']),
  };
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
    expect(search.captured).toHaveLength(5);
  });

  it('measures a displacement where the captured parameters lie', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    await executor.newPath('p', 'a', 'direction/p', 'layer');
    const twice = {
      path: new Int32Array(2),
      growth: Float64Array.of(0.5, 2),
      rho2: new Float64Array(2),
    };
    const { captured, norm, cosine } = await executor.search({ ...SEARCH, ...twice, paths: ['p'], capture: [0, 1] });
    const apart = distance(captured[0], captured[1]);
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

  it('captures parameters before their steps, in the order asked for', async () => {
    const { descent, search } = expected;
    expect(descent.captured[3]).toEqual(descent.captured[0]); // step 9, asked for twice
    expect(search.captured[4]).toEqual(search.captured[0]); // step 7, asked for twice
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    await executor.placePoint('first', 'a', descent.captured[2]);
    expect(await executor.savePoint('first', {})).toEqual(await executor.savePoint('a', {}));
    expect(distance(descent.captured[2], descent.captured[0])).toBeGreaterThan(0);
  });

  it.each([
    { capture: [3, STEPS], message: `descend: capture must name steps 0 to ${STEPS - 1}, got ${STEPS}` },
    { capture: [-1], message: `got -1` },
    { noise: new Float64Array(STEPS + 1), message: `noise must be empty or have an entry a step, got 25 for 24 steps` },
  ])('refuses a descent whose parts do not fit: $message', async ({ message, ...wrong }) => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS, { chunk: 10 });
    await executor.newPoint('a', 'init');
    const program = { point: 'a', stream: 'data', start: 0, lr: new Float64Array(STEPS), solver: SGD };
    const error = await failureOf(executor.descend({ ...program, ...wrong }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toContain(message);
  });

  it('averages points by weight', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    await executor.newPoint('b', 'init/other');
    await executor.averagePoints('c', ['a', 'b'], Float64Array.of(0.75, 0.25));
    const apart = await executor.distances(['a', 'b', 'c']);
    expect(apart[2] / apart[1]).toBeCloseTo(0.25, 5);
    expect(apart[5] / apart[1]).toBeCloseTo(0.75, 5);
  });

  it('averages the parameters of a descent in pieces, from its first ones on', async () => {
    const programs = { point: 'a', stream: 'data', start: 0, lr: new Float64Array(STEPS).fill(0.05), solver: SGD };
    const averages: Uint8Array[] = [];
    for (const chunk of [5, STEPS]) {
      const executor = await TorchExecutor.open(workerOf(1), DIGITS, { chunk });
      await executor.newPoint('a', 'init');
      await executor.descend({ ...programs, ema: 0.8 });
      await executor.copyPoint('last', 'a');
      await executor.takeAverage('a');
      expect((await executor.distances(['a', 'last']))[1]).toBeGreaterThan(0);
      averages.push(await executor.savePoint('a', {}));
    }
    expect(averages[0]).toEqual(averages[1]);
  });

  it('takes no average of a point whose descent kept none', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    await expect(executor.takeAverage('a')).rejects.toThrow("the point's last program kept no running average");
  });

  it('takes a solver with more keys than a solver has, as a configuration gives it', async () => {
    const executor = await TorchExecutor.open(workerOf(1), DIGITS);
    await executor.newPoint('a', 'init');
    const solver = { ...ADAMW, lr: 0.1, schedule: 'garipov' };
    const program = { point: 'a', stream: 'data', start: 0, lr: Float64Array.of(0.1), solver };
    expect((await executor.descend(program)).finite).toBe(true);
  });

  it('takes the full gradient, the same in every step of a network that does not move', async () => {
    const executor = await TorchExecutor.open(workerOf(1), { ...WINE, batchSize: 'full' });
    expect(executor.task).toMatchObject({ stepsPerEpoch: 1, samples: { train: 90 } });
    await executor.newPoint('a', 'init');
    const program = { point: 'a', stream: 'data', start: 0, lr: new Float64Array(4), solver: PLAIN };
    const { loss } = await executor.descend(program);
    expect(new Set(loss).size).toBe(1);
    expect(loss[0]).toBeCloseTo((await executor.evaluate('a', 'train')).loss, 5);
  });

  it('answers classes as targets, and their error in percent', async () => {
    const executor = await TorchExecutor.open(workerOf(1), WINE);
    await executor.newPoint('a', 'init');
    const { errorPct, outputs } = await executor.evaluate('a', 'test');
    const targets = await executor.targets('test');
    expect(targets).toBeInstanceOf(Float32Array);
    expect(new Set(targets)).toEqual(new Set([0, 1, 2]));
    const wrong = [...targets].filter((target, i) => {
      const shares = outputs.subarray(3 * i, 3 * i + 3);
      return shares.indexOf(Math.max(...shares)) !== target;
    });
    expect(errorPct).toBeCloseTo((100 * wrong.length) / targets.length, 6);
  });

  it('predicts numbers: the loss is their mean squared error, and there are no classes and no error', async () => {
    const executor = await TorchExecutor.open(workerOf(1), WINE_QUALITY);
    expect(executor.task).toMatchObject({ classes: [], parameters: 61, stepsPerEpoch: 1 });
    await executor.newPoint('a', 'init');
    const { loss, errorPct, outputs } = await executor.evaluate('a', 'validation');
    const targets = await executor.targets('validation');
    expect(outputs).toHaveLength(targets.length);
    expect(errorPct).toBeNull();
    expect(loss).toBeCloseTo(distance(outputs, targets) ** 2 / targets.length, 5);
  });
});
