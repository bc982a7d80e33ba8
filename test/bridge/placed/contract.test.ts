import path from 'node:path';
import { CommandLauncher } from '../../../src/bridge/placed/command-launcher';
import type { Place } from '../../../src/bridge/placed/placement';
import { RayLauncher } from '../../../src/bridge/placed/ray-launcher';
import type { Launcher } from '../../../src/bridge/workers/launcher';
import { LocalLauncher } from '../../../src/bridge/workers/local-launcher';
import { Supervisor } from '../../../src/bridge/workers/supervisor';
import { Worker } from '../../../src/bridge/workers/worker';
import { InterruptedError } from '../../../src/errors';
import { Session } from '../../../src/run/session/session';
import { failureOf, isRunning, temporaryDirectory, tinyConfig, until, usePlainPython } from '../../builders';
import { remainsOf } from '../../run/durable/runs';
import { FakePool, fakePools } from './fake-pool';

const LAUNCHERS: readonly [string, () => Launcher, Place | undefined][] = [
  ['local', () => new LocalLauncher(), undefined],
  ['command', () => new CommandLauncher(['env']), 'command env'],
  ['ray, by a false pool', () => new RayLauncher({ kind: 'ray', gpus: 0 }), { kind: 'ray', gpus: 0 }],
];

describe.each(LAUNCHERS)('every launcher: %s', (name, launcher, on) => {
  const directory = temporaryDirectory();
  const pool = new FakePool();
  const { DSPTT_PYTHON } = process.env;
  beforeAll(() => {
    if (name === 'command')
      usePlainPython(); // it does not start our program by its file
    else pool.install();
  });
  afterAll(async () => {
    process.env.DSPTT_PYTHON = DSPTT_PYTHON;
    await until(() => fakePools().length === 0);
  });

  it('starts workers that answer, and that are gone when they are closed', async () => {
    const workers = await Promise.all([Worker.start(launcher()), Worker.start(launcher())]);
    const pids = workers.map(({ hello }) => hello.pid);
    expect(new Set(pids).size).toBe(2);
    expect(pids.every(isRunning)).toBe(true);
    await Promise.all(workers.map((worker) => worker.close()));
    expect(pids.some(isRunning)).toBe(false);
  });

  it('ends one that does not leave', async () => {
    const worker = await Worker.start(launcher(), { graceMs: 50 });
    process.kill(worker.hello.pid, 'SIGSTOP');
    await worker.close();
    expect(isRunning(worker.hello.pid)).toBe(false);
  });

  it('tells the end of one that was killed, so that another one takes its place', async () => {
    const supervisor = await Supervisor.start(launcher(), { backOffMs: 1 });
    const lost = supervisor.worker;
    process.kill(lost.hello.pid, 'SIGKILL');
    await until(() => lost.failure !== undefined);
    const next = await supervisor.replace(lost.failure ?? new Error());
    expect(next.hello.pid).not.toBe(lost.hello.pid);
    await supervisor.close();
    expect(isRunning(next.hello.pid)).toBe(false);
  });

  it('makes runs with the result and the files of a run here', async () => {
    const outs = [path.join(directory, 'here'), path.join(directory, 'there')];
    const sessions = await Promise.all([Session.start(), Session.start({ on })]);
    await Promise.all(sessions.map((session, k) => session.run(tinyConfig(), { out: outs[k] })));
    await Promise.all(sessions.map((session) => session.close()));
    const [here, there] = outs.map(remainsOf).map(({ result, files }) => ({ result, files }));
    expect(there).toEqual(here);
  });
});

describe('a pool', () => {
  const pool = new FakePool();
  const told: string[] = [];
  const onWait = (message: string) => told.push(message);
  const ray = () => new RayLauncher({ kind: 'ray', gpus: 0 }, { onWait });
  beforeEach(() => told.splice(0));
  afterEach(() => until(() => fakePools().length === 0));
  afterAll(() => pool.remove());

  it('serves all workers of this process, and ends with the last one', async () => {
    pool.install({ auth: 'disabled' });
    const [one, other] = await Promise.all([Worker.start(ray()), Worker.start(ray())]);
    expect(fakePools()).toHaveLength(1);
    await one.close();
    expect(fakePools()).toHaveLength(1);
    await other.close();
    expect(told).toContainEqual(expect.stringContaining('this Ray cluster asks for no token'));
  });

  it('lets workers wait for a place, says so, and gives up the wait', async () => {
    pool.install({ places: 1 });
    const first = await Worker.start(ray());
    const controller = new AbortController();
    const unneeded = failureOf(Worker.start(ray(), {}, controller.signal));
    await until(() => told.length > 0);
    expect(told).toEqual(['a worker waits for a place on Ray: 0 of its 1 GPUs and 1 of its 4 CPUs are free']);
    controller.abort();
    expect(await unneeded).toBeInstanceOf(InterruptedError);
    const next = Worker.start(ray());
    await first.close();
    await (await next).close();
  });

  it('that loses a place costs no restart, and the worker gets another one', async () => {
    pool.install();
    const supervisor = await Supervisor.start(ray(), { maxRestarts: 0, backOffMs: 1 });
    const lost = supervisor.worker;
    process.kill(fakePools()[0], 'SIGUSR2');
    await until(() => lost.failure !== undefined);
    const why: string[] = [];
    await supervisor.replace(lost.failure ?? new Error(), (message) => why.push(message));
    expect(why).toEqual([expect.stringMatching(/was lost with its place.*\(1 of 20 within an hour\)$/)]);
    await supervisor.close();
  });

  it('that is killed costs no restart, and another pool is started', async () => {
    pool.install();
    const supervisor = await Supervisor.start(ray(), { maxRestarts: 0, backOffMs: 1 });
    const lost = supervisor.worker;
    const [killed] = fakePools();
    process.kill(killed, 'SIGKILL');
    await until(() => lost.failure !== undefined);
    await supervisor.replace(lost.failure ?? new Error());
    expect(fakePools()).not.toContain(killed);
    await until(() => !isRunning(lost.hello.pid));
    await supervisor.close();
  });

  it.each([
    ['refuses', { refused: 'no Ray cluster answers' }, 'UsageError', /^--on ray: no Ray cluster answers$/],
    [
      'says nonsense',
      { garbage: true },
      'WorkerError',
      /^the pool on Ray said what it has no word for: 'Ray says hello'$/,
    ],
    [
      'finds no place that lasts',
      { lost: true },
      'WorkerError',
      /were lost before it listened; the last one: the node died$/,
    ],
  ] as const)('that %s is one sentence of error', async (_, lacks, kind, message) => {
    pool.install(lacks);
    expect(await failureOf(ray().start())).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it.each([
    [{ gpus: 0.5 }, 'gpus'],
    [{ cpus: 0 }, 'cpus'],
    [{ resources: { A100: -1 } }, 'resources.A100'],
  ])('is asked for amounts that can be: not %j', (amounts, where) => {
    expect(() => new RayLauncher({ kind: 'ray', ...amounts })).toThrow(where);
  });
});
