import { createServer } from 'node:net';
import path from 'node:path';
import { Dice } from '../../scripts/faults/dice';
import { deceiveClient } from '../../scripts/faults/hostile-answers';
import { attackWorker } from '../../scripts/faults/hostile-clients';
import { babble, HostileWorker, TOGETHER } from '../../scripts/faults/hostile-worker';
import { loadWorker } from '../../scripts/faults/load';
import { encodeFailure } from '../../scripts/faults/samples';
import { frameOf, GREETED_ROUTER } from '../../scripts/faults/zmtp';
import { LIMITS } from '../../src/bridge/wire/operation';
import { Worker } from '../../src/bridge/workers/worker';
import { ConfigError, DataError, ProtocolError, WorkerError } from '../../src/errors';
import { failureOf, temporaryDirectory } from '../builders';

const SEED = 20261125;

describe('a worker', () => {
  it(`answers every one of 500 hostile messages of seed ${SEED}, and good ones as before`, async () => {
    const { messages, answers, goodRequests, unforeseen, grownMiB, exit } = await attackWorker(500, SEED);
    expect({ answers, unforeseen }).toEqual({ answers: messages, unforeseen: [] });
    expect(messages).toBeGreaterThanOrEqual(500);
    expect(goodRequests).toBeGreaterThanOrEqual(3);
    expect(grownMiB).toBeLessThan(64);
    expect(exit).toEqual({ code: 0, signal: null, output: '' });
  });

  it('answers each of many concurrent requests of 8 clients once, with its own answer', async () => {
    const { asked, right, surplus, workerGrownMiB } = await loadWorker(100, 100);
    expect({ right, surplus }).toEqual({ right: asked, surplus: 0 });
    expect(asked).toBeGreaterThanOrEqual(800);
    expect(workerGrownMiB).toBeLessThan(64);
  });
});

describe('a client', () => {
  it(`of a hostile worker ends each request rightly or with a typed error: 2,000 messages of seed ${SEED}`, async () => {
    const { findings, right, refused, broken } = await deceiveClient(2000, SEED);
    expect(findings).toEqual([]);
    expect(right).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
    expect(broken).toBeGreaterThan(0);
  });
});

describe('a client whose worker', () => {
  const directory = temporaryDirectory();
  const started: Worker[] = [];
  const start = async (handle: HostileWorker) => {
    const worker = await Worker.start({ start: async () => handle }, { window: TOGETHER });
    started.push(worker);
    return worker;
  };
  afterAll(async () => {
    for (const worker of started) await worker.close();
  });
  const together = (worker: Worker) =>
    Promise.allSettled(Array.from({ length: TOGETHER }, () => worker.request('targets', { split: 'test' })));

  it('speaks of requests that it never made, or under another name, goes on', async () => {
    const worker = await start(await HostileWorker.start(new Dice(1), babble));
    expect((await together(worker)).every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(worker.failure).toBeUndefined();
  });

  it('could not read a request is not sent it: it ends with a ProtocolError, and others are answered', async () => {
    const worker = await start(await HostileWorker.start(new Dice(1), () => []));
    const long = await failureOf(worker.request('savePoint', { point: 'a', metadata: { x: 'x'.repeat(2 ** 20) } }));
    expect(long).toBeInstanceOf(ProtocolError);
    expect(long.message).toContain('savePoint: its header must have at most 1048576 bytes');
    expect((await together(worker)).every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('says that it could not read a message ends every request with that, for nobody knows which it was', async () => {
    const worker = await start(await HostileWorker.start(new Dice(1), () => [encodeFailure(0, 'worker')]));
    for (const outcome of await together(worker)) expect(outcome).toMatchObject({ reason: expect.any(DataError) });
    expect(worker.failure).toBeInstanceOf(DataError);
  });

  it('breaks the protocol ends every request with a ProtocolError, as it is not to be trusted', async () => {
    const worker = await start(await HostileWorker.start(new Dice(1), () => [[Uint8Array.of(0xc1)]]));
    for (const outcome of await together(worker)) expect(outcome).toMatchObject({ reason: expect.any(ProtocolError) });
    expect(await failureOf(worker.request('targets', { split: 'test' }))).toBeInstanceOf(ProtocolError);
  });

  it('declares a frame of 2^62 bytes hangs up on both sockets, and says in time that there was no hello', async () => {
    let hungUp = 0;
    const server = createServer((socket) => {
      socket.resume();
      socket.on('error', () => {}); // the client hangs up while we write
      socket.on('close', () => {
        hungUp += 1;
      });
      socket.write(Buffer.concat([GREETED_ROUTER, frameOf(2n ** 62n)]));
    }).listen(path.join(directory, 'work'));
    const address = `ipc://${path.join(directory, 'work')}`;
    const handle = { work: address, control: address, description: 'a liar', exited: new Promise<never>(() => {}) };
    let hungUpBeforeTheEnd = 0;
    const stop = async () => {
      hungUpBeforeTheEnd = hungUp;
      server.close();
    };
    const error = await failureOf(Worker.start({ start: async () => ({ ...handle, stop }) }, { startMs: 2000 }));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toBe('the worker a liar did not say hello within 2000 ms');
    expect(hungUpBeforeTheEnd).toBe(2);
  });
});

describe('a window', () => {
  it.each([0, LIMITS.window + 1, 1.5, Number.NaN])('of %s is refused before a worker is started', async (window) => {
    const launcher = { start: () => Promise.reject(new Error('started')) };
    const error = await failureOf(Worker.start(launcher, { window }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toBe(`window must be 1 to 64 requests on the wire, got ${window}`);
  });
});
