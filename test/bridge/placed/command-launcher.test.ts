import fs from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { CommandLauncher } from '../../../src/bridge/placed/command-launcher';
import { Supervisor } from '../../../src/bridge/workers/supervisor';
import { Worker } from '../../../src/bridge/workers/worker';
import { InterruptedError, WorkerError } from '../../../src/errors';
import { TorchExecutor } from '../../../src/executor/torch';
import { Session } from '../../../src/run/session/session';
import { readResult } from '../../../src/store/run-directory';
import {
  failureOf,
  isRunning,
  temporaryDirectory,
  tinyConfig,
  until,
  usePlainPython,
  WINE,
  workersOf,
} from '../../builders';

usePlainPython();

const directory = temporaryDirectory();

/** A command that stands for srun: runs its words after what `before` does, and ends them when it is told to. */
function playing(name: string, before: string): string {
  const script = path.join(directory, name);
  fs.writeFileSync(script, `#!/bin/sh\n${before}\nexec "$@"\n`, { mode: 0o755 });
  return script;
}

/** All workers that this process has placed: the commands are its children, and `env` and `sh` become the workers. */
const placed = () => workersOf(process.pid);

describe('a worker that a command places', () => {
  it('answers like a local one, and is gone with its command when it is closed', async () => {
    const worker = await Worker.start(new CommandLauncher(['env']));
    expect(worker.hello.datasets).toContain('wine');
    const { pid } = worker.hello;
    expect(placed()).toEqual([pid]);
    await worker.close();
    expect(isRunning(pid)).toBe(false);
  });

  it('makes the bits of a local one', async () => {
    const [local, there] = await Promise.all([Session.start(), Session.start({ on: 'command env' })]);
    const outs = ['local', 'there'].map((name) => path.join(directory, name));
    await Promise.all([local, there].map((session, k) => session.run(tinyConfig(), { out: outs[k] })));
    await Promise.all([local.close(), there.close()]);
    const results = await Promise.all(outs.map(readResult));
    const [one, other] = results.map(({ timings: _, ...result }) => result);
    expect(other).toEqual(one);
  });

  it('may be preceded by what its place prints, and waited for as long as a queue takes', async () => {
    const gate = path.join(directory, 'gate');
    const queue = `echo 'Welcome'; echo '{"work": 1}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`;
    const starting = Worker.start(new CommandLauncher([playing('queue', queue)]), { startMs: 60_000 });
    fs.writeFileSync(gate, '');
    const worker = await starting;
    expect(worker.hello.pid).toBeGreaterThan(0);
    await worker.close();
  });

  it('is given up where it is no longer needed, with the command that waits', async () => {
    const started = path.join(directory, 'started');
    const controller = new AbortController();
    const forever = playing('forever', `echo $$ > '${started}'; while :; do sleep 0.05; done`);
    const failure = failureOf(Worker.start(new CommandLauncher([forever]), {}, controller.signal));
    await until(() => fs.existsSync(started) && fs.readFileSync(started, 'utf8').includes('\n'));
    controller.abort();
    expect(await failure).toBeInstanceOf(InterruptedError);
    expect(isRunning(Number(fs.readFileSync(started, 'utf8')))).toBe(false);
  });

  it.each([
    [
      'ends first',
      'echo no such partition >&2; exit 3',
      /^'.*ends first' ended with exit code 3 before a worker listened; it said: no such partition$/,
    ],
    ['dies first', 'kill -9 $$', /was ended by SIGKILL before a worker listened$/],
  ])('is one sentence of error where its command %s', async (name, before, says) => {
    const error = await failureOf(Worker.start(new CommandLauncher([playing(name, before)])));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(says);
  });

  it('is one sentence of error where there is no such command', async () => {
    const error = await failureOf(Worker.start(new CommandLauncher(['no-such-command'])));
    expect(error.message).toMatch(/^'no-such-command' cannot be started .*is it installed here, and on the PATH\?$/);
  });

  it('is given back where a firewall lets nothing through, and the error names its address', async () => {
    const pid = path.join(directory, 'behind');
    const said = { work: 'tcp://127.0.0.1:1', control: 'tcp://127.0.0.1:2', key: '0'.repeat(64), pid: 1, host: 'h' };
    const line = JSON.stringify({ ...said, gpus: null });
    const script = playing('firewall', `echo $$ > '${pid}'; echo '${line}'; exec cat`);
    const error = await failureOf(new CommandLauncher([script], { connectMs: 300 }).start());
    expect(error).toMatchObject({
      kind: 'WorkerError',
      message: expect.stringMatching(
        /^the worker at tcp:\/\/127\.0\.0\.1:1 has not answered within 300 ms: nothing listens there; .*does a firewall let both of its ports through\?$/,
      ),
    });
    expect(isRunning(Number(fs.readFileSync(pid, 'utf8')))).toBe(false);
  });

  it('names its machine where data is missing, since paths are those of this one', async () => {
    const worker = await Worker.start(new CommandLauncher(['env']));
    const dataset = { ...WINE.dataset, dir: '/nowhere' };
    const error = await failureOf(TorchExecutor.open(worker, { ...WINE, dataset }));
    expect(error).toMatchObject({
      kind: 'DataError',
      message: `the data directory /nowhere does not exist (on ${hostname()}, where data must have the same paths as here)`,
    });
    await worker.close();
  });
});

describe('a supervisor of placed workers', () => {
  it.each([
    ['the worker itself', ['env']],
    ['a shell that ran it', ['sh', '-c', '"$@"; exit $?', 'sh']],
  ])('counts the end by a fault of its own (SIGSEGV) of %s', async (_, words) => {
    const supervisor = await Supervisor.start(new CommandLauncher(words), { maxRestarts: 0, backOffMs: 1, beatMs: 20 });
    const lost = supervisor.worker;
    process.kill(lost.hello.pid, 'SIGSEGV');
    await until(() => lost.failure !== undefined);
    const error = await failureOf(supervisor.replace(lost.failure ?? new Error()));
    expect(error.message).toMatch(/SIGSEGV|exit code 139/);
    await supervisor.close();
    expect(placed()).toEqual([]);
  });

  it.each([
    ['taken back by its scheduler (SIGTERM)', 'SIGTERM', '(1 of 20 within an hour)'],
    ['killed', 'SIGKILL', '(1 of 20 within an hour)'],
  ] as const)('replaces one that was %s, which its own failures do not count', async (_, signal, count) => {
    const launcher = new CommandLauncher(['env']);
    const supervisor = await Supervisor.start(launcher, { maxRestarts: 0, backOffMs: 1, beatMs: 20 });
    const lost = supervisor.worker;
    process.kill(lost.hello.pid, signal);
    await until(() => lost.failure !== undefined);
    const told: string[] = [];
    const next = await supervisor.replace(lost.failure ?? new Error(), (message) => told.push(message));
    expect(told).toEqual([expect.stringContaining(count)]);
    expect(next.hello.pid).not.toBe(lost.hello.pid);
    await supervisor.close();
    expect(placed()).toEqual([]);
  });
});
