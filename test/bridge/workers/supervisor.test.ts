import fs from 'node:fs';
import path from 'node:path';
import timers from 'node:timers/promises';
import type { Launcher, WorkerHandle } from '../../../src/bridge/workers/launcher';
import { LocalLauncher } from '../../../src/bridge/workers/local-launcher';
import { Supervisor } from '../../../src/bridge/workers/supervisor';
import { WorkerError } from '../../../src/errors';
import { deferred } from '../../../src/run/durable/deferred';
import { failureOf, isRunning, temporaryDirectory, until, usePlainPython, WatchedLauncher } from '../../builders';
import { MisbehavingNetwork } from '../misbehaving';
import { descent } from '../requests';

usePlainPython();

const LONG = 1_000_000;

/** Starts real workers, and what `later` says after the first one. */
class ThenLauncher implements Launcher {
  readonly watched = new WatchedLauncher();
  starts = 0;
  readonly #later: (start: number) => Promise<WorkerHandle>;

  constructor(later: (start: number) => Promise<WorkerHandle>) {
    this.#later = later;
  }

  async start(): Promise<WorkerHandle> {
    this.starts += 1;
    return this.starts === 1 ? this.watched.start() : this.#later(this.starts);
  }
}

describe('a supervisor', () => {
  const network = new MisbehavingNetwork(temporaryDirectory());
  const launcher = new WatchedLauncher();
  let supervisor: Supervisor;

  beforeAll(async () => {
    const watch = { beatMs: 20, lostMs: 3000, stallMs: 10_000, graceMs: 100 };
    supervisor = await Supervisor.start(launcher, { ...watch, maxRestarts: 5, backOffMs: 1 });
  });
  afterAll(() => supervisor.close());

  /** Start a long program on a fresh task; answers the error that it ends with. */
  async function failureOfProgram(during: () => unknown): Promise<Error> {
    const { worker } = supervisor;
    await network.open(worker);
    const failure = failureOf(worker.request('descend', descent('a', LONG)));
    await until(() => worker.steps > 0);
    await during();
    return failure;
  }

  async function replacedAfter(cause: Error): Promise<string[]> {
    const before = supervisor.worker;
    const told: string[] = [];
    const after = await supervisor.replace(cause, (message) => told.push(message));
    expect(after).toBe(supervisor.worker);
    expect(isRunning(before.hello.pid)).toBe(false);
    expect(isRunning(after.hello.pid)).toBe(true);
    network.behave();
    return told;
  }

  it('replaces a worker that was killed, and tells why', async () => {
    const cause = await failureOfProgram(() => process.kill(supervisor.worker.hello.pid, 'SIGKILL'));
    expect(cause).toBeInstanceOf(WorkerError);
    expect(await replacedAfter(cause)).toEqual([
      expect.stringMatching(
        /was ended by SIGKILL while it served 'descend'.*; starting another one \(1 of 5 within an hour\)$/,
      ),
    ]);
  });

  it('replaces a worker that leaves with exit code 0 in the middle of a program', async () => {
    const cause = await failureOfProgram(() => network.begin('exit'));
    expect(cause.message).toMatch(/ended with exit code 0 while it served 'descend'/);
    expect(await replacedAfter(cause)).toEqual([expect.stringContaining('(2 of 5 within an hour)')]);
  });

  it('replaces a worker that is stopped, for it is lost', async () => {
    const cause = await failureOfProgram(() => process.kill(supervisor.worker.hello.pid, 'SIGSTOP'));
    expect(cause.message).toMatch(/is lost: no beat for \d+ ms/);
    await replacedAfter(cause);
  });

  it('replaces a worker that beats but makes no step, for it hangs', async () => {
    const cause = await failureOfProgram(() => network.begin('wait'));
    expect(cause.message).toMatch(/hangs: no step of 'descend' for \d+ ms/);
    await replacedAfter(cause);
  });

  it('ends the processes that a worker has started along with it', async () => {
    const cause = await failureOfProgram(async () => {
      network.begin('child');
      await until(() => network.child !== undefined);
      process.kill(supervisor.worker.hello.pid, 'SIGKILL');
    });
    expect(cause.message).toMatch(/was ended by SIGKILL while it served 'descend'/);
    await replacedAfter(cause);
    await until(() => !isRunning(network.child ?? 0));
  });

  it('gives up after so many restarts within an hour, whatever the clock of the machine says', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000);
    const running = supervisor.worker;
    const error = await failureOf(supervisor.replace(new WorkerError('the worker fell')));
    now.mockRestore();
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toBe('the worker fell, and 5 others before it within an hour');
    expect(isRunning(running.hello.pid)).toBe(false);
    expect(launcher.handles).toHaveLength(6);
    expect(launcher.directories.filter(fs.existsSync)).toEqual([]);
  });
});

describe('a supervisor whose next workers do not start', () => {
  const later = new LocalLauncher(unstartable(temporaryDirectory()));

  it('tries as often as it may, waits twice as long each time, and names the last cause', async () => {
    const launcher: ThenLauncher = new ThenLauncher(() => later.start());
    const supervisor = await Supervisor.start(launcher, { maxRestarts: 3, backOffMs: 1 });
    const waits = jest.spyOn(timers, 'setTimeout');
    const told: string[] = [];
    const error = await failureOf(supervisor.replace(new WorkerError('the worker fell'), (why) => told.push(why)));
    const waited = waits.mock.calls.map(([ms]) => ms);
    waits.mockRestore();
    await supervisor.close();
    expect(waited).toEqual([1, 2, 4]);
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(/it said: no memory left, and 3 others before it within an hour$/);
    expect(told.map((why) => /\(\d of 3 within an hour\)/.exec(why)?.[0])).toEqual(
      [1, 2, 3].map((k) => `(${k} of 3 within an hour)`),
    );
    expect(launcher.starts).toBe(4);
  });

  it('starts nothing, and ends at once, when it is closed while it waits', async () => {
    const launcher: ThenLauncher = new ThenLauncher(() => later.start());
    const supervisor = await Supervisor.start(launcher, { backOffMs: 600_000 });
    const replacing = failureOf(supervisor.replace(new WorkerError('the worker fell')));
    await supervisor.close();
    expect((await replacing).message).toContain('the worker fell');
    expect(launcher.starts).toBe(1);
  });

  it('leaves no worker when it is closed while one starts', async () => {
    const starting = deferred<void>();
    const launcher: ThenLauncher = new ThenLauncher(() => {
      starting.resolve();
      return launcher.watched.start();
    });
    const supervisor = await Supervisor.start(launcher, { backOffMs: 1 });
    const replacing = failureOf(supervisor.replace(new WorkerError('the worker fell')));
    await starting.promise;
    await supervisor.close();
    expect((await replacing).message).toContain('the worker fell');
    expect(launcher.watched.handles).toHaveLength(2);
    expect(launcher.watched.processIds.filter(isRunning)).toEqual([]);
    expect(launcher.watched.directories.filter(fs.existsSync)).toEqual([]);
  });

  it('starts one worker for two that ask for it at the same time', async () => {
    const launcher: ThenLauncher = new ThenLauncher(() => launcher.watched.start());
    const supervisor = await Supervisor.start(launcher, { backOffMs: 1 });
    const cause = new WorkerError('the worker fell');
    const [one, two] = await Promise.all([supervisor.replace(cause), supervisor.replace(cause)]);
    expect(one).toBe(two);
    expect(launcher.starts).toBe(2);
    await supervisor.close();
  });
});

/** An interpreter that ends at once. */
function unstartable(directory: string): string {
  const file = path.join(directory, 'python');
  fs.writeFileSync(file, '#!/bin/sh\necho no memory left >&2; exit 1\n', { mode: 0o755 });
  return file;
}
