import path from 'node:path';
import { type CurveKeys, makeKeys, readClientKeys } from '../../src/bridge/wire/key-files';
import { RemoteLauncher } from '../../src/bridge/workers/remote-launcher';
import { Worker } from '../../src/bridge/workers/worker';
import { temporaryDirectory } from '../builders';
import { type Daemon, startDaemon } from './remote-worker';
import { descent, OPEN_WINE } from './requests';
import { BYTES, dealers, knock, write } from './strangers';

const directory = temporaryDirectory();
const client = path.join(directory, 'client');
const GREETING_BYTES = 64; // with which every ZeroMQ socket begins, before it knows to whom it speaks
let daemon: Daemon;
let keys: CurveKeys;
let worker: Worker;
let start: Uint8Array;

beforeAll(async () => {
  await makeKeys(directory, ['client']);
  keys = await readClientKeys(client);
  daemon = await startDaemon(path.join(directory, 'server'));
  worker = await Worker.start(new RemoteLauncher({ address: daemon.address, keys: client }));
  await worker.request('open', OPEN_WINE);
  await worker.request('newPoint', { point: 'a', stream: 'init' });
  start = (await worker.request('savePoint', { point: 'a', metadata: {} })).file;
});
afterAll(() => worker.close());

/** The client is served on as if nothing had been, and a new connection of it too. */
async function allIsWell(): Promise<void> {
  await worker.request('copyPoint', { point: 'b', source: 'a' });
  expect((await worker.request('descend', descent('b', 5))).loss).toHaveLength(5);
  await worker.request('drop', { points: ['b'], paths: [] });
  expect((await worker.request('savePoint', { point: 'a', metadata: {} })).file).toEqual(start);
  const again = await Worker.start(new RemoteLauncher({ address: daemon.address, keys: client }));
  expect(again.hello.worker).toBe(worker.hello.worker);
  await again.close();
}

describe.each([
  ['work', 0],
  ['control', 1],
])('on the %s port of a worker nothing is got by', (_, offset) => {
  const port = () => daemon.port + offset;

  it.each(Object.keys(dealers({ serverKey: '', publicKey: '', secretKey: '' })))('a client with %s', async (name) => {
    const stranger = await knock(`tcp://127.0.0.1:${port()}`, dealers(keys)[name]);
    await allIsWell();
    expect(stranger.wasLetIn).toBe(false);
    expect(await stranger.received()).toBe(0);
    stranger.close();
  });

  it.each(Object.keys(BYTES))('%s', async (name) => {
    const stranger = await write(port(), BYTES[name]);
    await stranger.closed;
    await allIsWell();
    expect(stranger.received().length).toBeLessThanOrEqual(GREETING_BYTES);
  });

  it('connections that say nothing, while a client works', async () => {
    const silent = await Promise.all(Array.from({ length: 50 }, () => write(port(), Buffer.alloc(0))));
    await allIsWell();
    for (const stranger of silent) {
      expect(stranger.received().length).toBeLessThanOrEqual(GREETING_BYTES);
      stranger.close();
    }
  });
});

it('the same knock is answered where the key is on the list, so that the others could have been', async () => {
  const { serverKey, publicKey, secretKey } = keys;
  const options = { curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
  const known = await knock(daemon.address, { ...options, receiveTimeout: 10_000 });
  expect(known.wasLetIn).toBe(true);
  expect(await known.received()).toBeGreaterThan(0);
  known.close();
});
