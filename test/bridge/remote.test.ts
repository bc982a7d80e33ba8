import fs from 'node:fs';
import path from 'node:path';
import { makeKeys } from '../../src/bridge/wire/key-files';
import { RemoteLauncher } from '../../src/bridge/workers/remote-launcher';
import { Worker, type WorkerOptions } from '../../src/bridge/workers/worker';
import { InterruptedError, UsageError, WorkerError } from '../../src/errors';
import { failureOf, temporaryDirectory, until, usePlainPython } from '../builders';
import { freePort } from '../machine';
import { type Daemon, startDaemon } from './remote-worker';
import { descent, OPEN_WINE } from './requests';

usePlainPython();
const LONG = 1_000_000;
const directory = temporaryDirectory();
const own = path.join(directory, 'own');
const strange = path.join(directory, 'strange');
let daemon: Daemon;

const open: Worker[] = [];
async function connect(keys: string, options: WorkerOptions = {}, address = daemon.address): Promise<Worker> {
  const worker = await Worker.start(new RemoteLauncher({ address, keys }), { beatMs: 20, ...options });
  open.push(worker);
  return worker;
}

beforeAll(async () => {
  await makeKeys(own, ['laptop', 'desk']);
  await makeKeys(strange, ['laptop']);
  daemon = await startDaemon(path.join(own, 'server'));
});
afterEach(async () => {
  for (const worker of open.splice(0)) await worker.close();
});

const laptop = path.join(own, 'laptop');
const desk = path.join(own, 'desk');

describe('a worker on TCP', () => {
  it('says where it listens and which clients may connect', () => {
    expect(daemon.line).toBe(
      `serving tcp://127.0.0.1:${daemon.port} (work) and tcp://127.0.0.1:${daemon.port + 1} (control) for the clients desk, laptop`,
    );
  });

  it('serves a client whose key it knows, and the next one when that has left', async () => {
    for (const keys of [laptop, desk, laptop]) {
      const worker = await connect(keys);
      expect(worker.hello.pid).toBe(daemon.child.pid);
      await worker.request('open', OPEN_WINE);
      await worker.request('newPoint', { point: 'a', stream: 'init' });
      expect((await worker.request('descend', descent('a', 5))).loss).toHaveLength(5);
      await until(() => worker.steps >= 5);
      await worker.close();
    }
  });

  it('gives up what a client that closes had asked for, and lives on', async () => {
    const worker = await connect(laptop);
    await worker.request('open', OPEN_WINE);
    await worker.request('newPoint', { point: 'a', stream: 'init' });
    const requests = [LONG, LONG, LONG, LONG, LONG].map((n) => failureOf(worker.request('descend', descent('a', n))));
    const before = worker.steps;
    await until(() => worker.steps > before);
    await worker.close();
    for (const error of await Promise.all(requests)) expect(error).toBeInstanceOf(InterruptedError);
    const next = await connect(laptop);
    expect((await next.request('open', OPEN_WINE)).stepsPerEpoch).toBe(3);
    expect(next.hello.worker).toBe(worker.hello.worker);
  }, 20_000);

  it('refuses a second client while the first is connected, and serves the first one on', async () => {
    const first = await connect(laptop);
    await first.request('open', OPEN_WINE);
    await first.request('newPoint', { point: 'a', stream: 'init' });
    const second = await connect(desk);
    const refused = await failureOf(second.request('open', OPEN_WINE));
    expect(refused).toBeInstanceOf(WorkerError);
    expect(refused.message).toContain('in use by another client');
    expect((await failureOf(second.request('copyPoint', { point: 'b', source: 'a' }))).message).toContain(
      'no task open',
    );
    expect((await first.request('descend', descent('a', 5))).loss).toHaveLength(5);
    await first.close();
    await second.request('open', OPEN_WINE);
  });
});

describe('the keys of a client', () => {
  const refusal = (keys: string, address = daemon.address) => failureOf(connect(keys, {}, address));

  it('are refused at once when the worker does not know them, with what to do', async () => {
    const stranger = path.join(directory, 'stranger');
    fs.cpSync(path.join(strange, 'laptop'), stranger, { recursive: true });
    fs.copyFileSync(path.join(own, 'server', 'public.key'), path.join(stranger, 'server.key'));
    const error = await refusal(stranger);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`at tcp://127.0.0.1:`);
    expect(error.message).toContain("does not know this client's key: put the client's public.key into its directory");
  });

  it('are refused at once when they are for another worker, with what to do', async () => {
    const error = await refusal(path.join(strange, 'laptop'));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(/server\.key in the client's directory is not that worker's public\.key/);
  });

  it.each([
    ['secret.key', 0o640, 'chmod 600'],
    ['server.key', 0o604, 'chmod 600'],
    ['.', 0o750, 'chmod 700'],
  ])('are refused when others can read %s (mode %o)', async (name, mode, remedy) => {
    const copy = fs.mkdtempSync(path.join(directory, 'loose-'));
    fs.cpSync(laptop, copy, { recursive: true });
    fs.chmodSync(path.join(copy, name), mode);
    const error = await refusal(copy);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(`${path.join(copy, name)} has mode 0${mode.toString(8)}`);
    expect(error.message).toContain(remedy);
  });

  it('are refused when there are none, or the directory is not a client’s', async () => {
    for (const keys of [path.join(own, 'server'), own, '/nowhere']) {
      const error = await refusal(keys);
      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).toContain(`there is no ${keys}/server.key; name the directory of a client`);
    }
  });

  it('are refused when a file holds no key', async () => {
    const copy = path.join(directory, 'damaged');
    fs.cpSync(laptop, copy, { recursive: true });
    fs.writeFileSync(path.join(copy, 'secret.key'), 'too short\n');
    expect((await refusal(copy)).message).toContain('secret.key is no key: 40 characters of Z85 are wanted, got 9');
  });

  it('do not help where nothing listens: an error says so in bounded time', async () => {
    const address = `tcp://127.0.0.1:${await freePort()}`;
    const error = await failureOf(new RemoteLauncher({ address, keys: laptop, connectMs: 500 }).start());
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toContain(`at ${address} has not answered within 500 ms: nothing listens there`);
  });

  it.each(['tcp://gpu', 'ipc:///tmp/x', 'tcp://gpu:0', 'tcp://gpu:65535', 'tcp://*:5555', 'gpu:5555'])(
    'are for an address, which %s is not',
    (address) => {
      expect(() => new RemoteLauncher({ address, keys: laptop })).toThrow(UsageError);
      expect(() => new RemoteLauncher({ address, keys: laptop })).toThrow(`got '${address}'`);
    },
  );
});

describe('a worker on TCP that goes away', () => {
  it('ends what it served with an error that says that the connection broke', async () => {
    const worker = await connect(laptop);
    await worker.request('open', OPEN_WINE);
    await worker.request('newPoint', { point: 'a', stream: 'init' });
    const requests = [LONG, LONG].map((steps) => failureOf(worker.request('descend', descent('a', steps))));
    const before = worker.steps;
    await until(() => worker.steps > before);
    await daemon.stop('SIGKILL');
    for (const error of await Promise.all(requests)) {
      expect(error).toBeInstanceOf(WorkerError);
      expect(error.message).toBe(`the connection to the worker at ${daemon.address} broke while it served 'descend'`);
    }
  });
});
