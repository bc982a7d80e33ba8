import fs from 'node:fs';
import { PROTOCOL_VERSION } from '../../../src/bridge/wire/protocol';
import type { Worker } from '../../../src/bridge/workers/worker';
import {
  ConfigError,
  DataError,
  InterruptedError,
  OutOfMemoryError,
  ProtocolError,
  WorkerError,
} from '../../../src/errors';
import { failureOf, isRunning, startWorker, until, usePlainPython, workersOf } from '../../builders';
import { descent, OPEN_WINE, SGD } from '../requests';

usePlainPython();

const LONG = 1_000_000; // steps: minutes of work, so that a program is still running when it is cancelled

describe('a worker', () => {
  let worker: Worker;
  beforeAll(async () => {
    ({ worker } = await startWorker({ window: 1, beatMs: 20 }));
  });
  afterAll(() => worker.close());
  beforeEach(async () => {
    await worker.request('open', OPEN_WINE);
    await worker.request('newPoint', { point: 'a', stream: 'init' });
  });

  it('says its protocol, its versions, its devices and what it can open', () => {
    expect(worker.hello).toMatchObject({ protocol: PROTOCOL_VERSION, devices: expect.arrayContaining(['cpu']) });
    expect(worker.hello.versions).toMatchObject({ torch: expect.any(String), python: expect.any(String) });
    expect(worker.hello.datasets).toEqual(expect.arrayContaining(['digits', 'wine']));
    expect(worker.hello.models).toEqual(expect.arrayContaining(['conv', 'mlp']));
    expect(workersOf(process.pid)).toContain(worker.hello.pid);
  });

  it('refuses a client of another protocol version and says what to do', async () => {
    const error = await failureOf(worker.request('hello', { protocol: PROTOCOL_VERSION + 1 }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toContain('install the same version of both');
  });

  it('answers in the order of the requests', async () => {
    const order: number[] = [];
    const requests = [5, 1, 3].map((steps, k) =>
      worker.request('descend', descent('a', steps)).then(({ loss }) => {
        order.push(k);
        return loss.length;
      }),
    );
    expect(await Promise.all(requests)).toEqual([5, 1, 3]);
    expect(order).toEqual([0, 1, 2]);
  });

  it('reports a configuration that cannot be opened as a ConfigError with the Python traceback', async () => {
    const request = worker.request('open', { ...OPEN_WINE, model: { ...OPEN_WINE.model, name: 'nope' } });
    const error = await failureOf(request);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      message: expect.stringContaining("unknown model 'nope'; known:"),
      traceback: expect.stringContaining('Traceback (most recent call last)'),
    });
  });

  it('reports what no memory holds as an OutOfMemoryError with sizes and remedies, and goes on', async () => {
    const huge = { ...OPEN_WINE.model, args: { hidden: [1e13] } };
    const error = await failureOf(worker.request('open', { ...OPEN_WINE, model: huge }));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error).toMatchObject({
      kind: 'OutOfMemoryError',
      message: expect.stringMatching(
        /^open: out of memory on the CPU, asked for 472\.9 TiB.*batchChunks 1: split batches with --set batchChunks=N/,
      ),
      traceback: expect.stringContaining('Traceback (most recent call last)'),
    });
    expect((await worker.request('open', OPEN_WINE)).stepsPerEpoch).toBe(3);
  });

  it('gives a state from which a new point goes on as the old one does', async () => {
    await worker.request('descend', descent('a', 5));
    const { state } = await worker.request('saveState', { kind: 'point', name: 'a' });
    await worker.request('loadState', { kind: 'point', name: 'again', state });
    const [old, again] = await Promise.all(
      ['a', 'again'].map((point) => worker.request('descend', descent(point, 5, 5))),
    );
    expect(again.loss).toEqual(old.loss);
    expect(await failureOf(worker.request('loadState', { kind: 'path', name: 'p', state }))).toBeInstanceOf(DataError);
  });

  it('reports a file that holds no network as a DataError with the Python traceback', async () => {
    const error = await failureOf(worker.request('loadPoint', { point: 'b', file: new Uint8Array(100) }));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({
      message: expect.stringContaining('not a safetensors file'),
      traceback: expect.stringContaining('weights.py'),
    });
  });

  it('reports a request that makes no sense as a ProtocolError that says what there is', async () => {
    const error = await failureOf(worker.request('copyPoint', { point: 'b', source: 'nope' }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ message: "no point 'nope'; there are: a", traceback: expect.any(String) });
  });

  it('refuses a request whose fields are out of range before it is sent', async () => {
    const error = await failureOf(worker.request('probe', { point: 'a', stream: 's', batches: -1 }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toContain('batches');
  });

  it('goes on after a bad request, with the window of one free again', async () => {
    const bad = worker.request('descend', descent('nope', 3));
    const empty = worker.request('descend', descent('a', 0));
    const good = worker.request('descend', descent('a', 3));
    await expect(bad).rejects.toThrow(ProtocolError);
    await expect(empty).rejects.toThrow('1 to 1000000 finite entries');
    expect((await good).loss).toHaveLength(3);
  });

  it('goes on after a request that it could not send, while others waited behind it', async () => {
    const first = worker.request('descend', descent('a', 2));
    const unsendable = worker.request('descend', { ...descent('a', 2), solver: { ...SGD, momentum: 7 } });
    const last = worker.request('descend', descent('a', 3));
    await expect(unsendable).rejects.toThrow('momentum');
    expect((await first).loss).toHaveLength(2);
    expect((await last).loss).toHaveLength(3);
  }, 20_000);

  it('answers a loss that is not a number as it is', async () => {
    await worker.request('descend', { ...descent('a', 3), lr: new Float64Array(3).fill(1e30) });
    const { loss } = await worker.request('evaluate', { point: 'a', split: 'test', outputs: false });
    expect(Number.isFinite(loss)).toBe(false);
  });

  it('beats on while it runs a long program, and the beats tell its steps', async () => {
    const program = worker.request('descend', descent('a', LONG));
    const ended = failureOf(program);
    const before = worker.steps;
    await until(() => worker.steps > before);
    const later = worker.steps;
    await until(() => worker.steps > later);
    worker.cancelAll();
    expect(await ended).toBeInstanceOf(InterruptedError);
  });

  it('ends the running request and those that wait when all are cancelled, and answers again', async () => {
    const running = failureOf(worker.request('descend', descent('a', LONG)));
    const waiting = [1, 2, 3].map((steps) => failureOf(worker.request('descend', descent('a', steps))));
    const before = worker.steps;
    await until(() => worker.steps > before);
    worker.cancelAll();
    for (const error of await Promise.all([running, ...waiting])) expect(error).toBeInstanceOf(InterruptedError);
    expect((await worker.request('descend', descent('a', 4))).loss).toHaveLength(4);
  });

  it('leaves a point as it was when the program on it is cancelled', async () => {
    const file = (await worker.request('savePoint', { point: 'a', metadata: {} })).file;
    const running = failureOf(worker.request('descend', descent('a', LONG)));
    const before = worker.steps;
    await until(() => worker.steps > before);
    worker.cancelAll();
    await running;
    expect((await worker.request('savePoint', { point: 'a', metadata: {} })).file).toEqual(file);
  });
});

describe('closing a worker', () => {
  let worker: Worker;

  it('ends what it is doing, its process and its files, and may be done twice', async () => {
    const started = await startWorker({ window: 3, graceMs: 20_000 });
    const { pid, directory } = started;
    worker = started.worker;
    expect(fs.statSync(directory).mode & 0o777).toBe(0o700);
    await worker.request('open', OPEN_WINE);
    await worker.request('newPoint', { point: 'a', stream: 'init' });
    const requests = [LONG, 1, 2, 3, 4].map((steps) => failureOf(worker.request('descend', descent('a', steps))));
    await Promise.all([worker.close(), worker.close()]);
    await worker.close();
    for (const error of await Promise.all(requests)) {
      expect(error instanceof WorkerError || error instanceof InterruptedError).toBe(true);
    }
    expect(isRunning(pid)).toBe(false);
    expect(fs.existsSync(directory)).toBe(false);
  });

  it('ends every later request with an error that says that it was closed', async () => {
    const error = await failureOf(worker.request('targets', { split: 'test' }));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toBe('the worker was closed');
  }, 20_000);
});
