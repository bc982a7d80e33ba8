import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { findPython } from '../../src/bridge/workers/python';
import { Worker } from '../../src/bridge/workers/worker';
import { WorkerError } from '../../src/errors';
import {
  failureOf,
  isRunning,
  startWorker,
  temporaryDirectory,
  until,
  usePlainPython,
  WatchedLauncher,
} from '../builders';
import { descent, OPEN_WINE } from './requests';

const LONG = 1_000_000;

usePlainPython();

async function busyWorker(options: Parameters<typeof startWorker>[0] = {}) {
  const started = await startWorker({ beatMs: 20, lostMs: 600_000, ...options });
  const { worker } = started;
  await worker.request('open', OPEN_WINE);
  await worker.request('newPoint', { point: 'a', stream: 'init' });
  const requests = [LONG, 1, 2, 3, 4].map((steps) => failureOf(worker.request('descend', descent('a', steps))));
  await until(() => worker.steps > 0);
  return { ...started, requests };
}

describe('a worker that dies', () => {
  let dead: Worker;
  let directory = '';

  it('ends every request on the wire or waiting with an error that names the signal and what it served', async () => {
    const started = await busyWorker({ window: 2 });
    const { worker, pid, requests } = started;
    process.kill(pid, 'SIGKILL');
    for (const error of await Promise.all(requests)) {
      expect(error).toBeInstanceOf(WorkerError);
      expect(error.message).toContain("was ended by SIGKILL while it served 'descend'");
    }
    await until(() => !isRunning(pid));
    dead = worker;
    directory = started.directory;
  });

  it('ends every later request in the same way', async () => {
    const later = await failureOf(dead.request('targets', { split: 'test' }));
    expect(later).toBeInstanceOf(WorkerError);
    expect(later.message).toContain('SIGKILL');
  }, 20_000);

  it('leaves no directory once it is closed', async () => {
    await dead.close();
    expect(directory).not.toBe('');
    expect(fs.existsSync(directory)).toBe(false);
  });

  it('is lost and ended when it is stopped and answers no beat', async () => {
    const { worker, pid, directory, requests } = await busyWorker({ lostMs: 500, graceMs: 100 });
    process.kill(pid, 'SIGSTOP');
    for (const error of await Promise.all(requests)) {
      expect(error).toBeInstanceOf(WorkerError);
      expect(error.message).toMatch(/is lost: no beat for \d+ ms/);
    }
    await worker.close();
    expect(isRunning(pid)).toBe(false);
    expect(fs.existsSync(directory)).toBe(false);
  });
});

describe('a worker that cannot start', () => {
  const directory = temporaryDirectory();
  const script = (name: string, body: string) => {
    const file = path.join(directory, name);
    fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return file;
  };

  /** The error of a start with this interpreter; nothing may be left of it. */
  async function failureToStart(python: string): Promise<Error> {
    const launcher = new WatchedLauncher(python);
    const error = await failureOf(Worker.start(launcher, { lostMs: 2000, graceMs: 100 }));
    expect(launcher.directories.filter(fs.existsSync)).toEqual([]);
    expect(launcher.processIds.filter(isRunning)).toEqual([]);
    return error;
  }

  it('says which module a Python without packages misses, and what to do', async () => {
    const empty = path.join(directory, 'empty');
    execFileSync(findPython(), ['-m', 'venv', '--without-pip', empty]);
    const error = await failureToStart(path.join(empty, 'bin', 'python'));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toMatch(/has no module '\w+'; run `npm run setup`, or set DSPTT_PYTHON/);
    expect(error).toMatchObject({ traceback: expect.stringContaining('ModuleNotFoundError') });
  });

  it('says why torch cannot be imported, and what to do', async () => {
    fs.mkdirSync(path.join(directory, 'broken', 'torch'), { recursive: true });
    const cause = "raise ImportError('libtorch_cpu.so: cannot open shared object file')\n";
    fs.writeFileSync(path.join(directory, 'broken', 'torch', '__init__.py'), cause);
    const python = script(
      'broken-torch',
      `exec env PYTHONPATH="$PYTHONPATH:${directory}/broken" '${findPython()}' "$@"`,
    );
    const error = await failureToStart(python);
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toContain('libtorch_cpu.so: cannot open shared object file');
    expect(error).toMatchObject({ traceback: expect.stringContaining('Traceback (most recent call last)') });
    expect(error.message).toMatch(/npm run setup.*DSPTT_PYTHON/);
  });

  it('says with which code a Python ended that serves nothing', async () => {
    const error = await failureToStart(script('leaves', 'echo no python here >&2; exit 0'));
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toContain('ended with exit code 0 before it could be used; it said: no python here');
  });

  it('says that an interpreter is not there, and what to do', async () => {
    const error = await failureToStart('/nowhere/python');
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).toContain('/nowhere/python');
    expect(error.message).not.toContain('null');
    expect(error.message).toContain('DSPTT_PYTHON');
  });

  it('says so where DSPTT_PYTHON names nothing', () => {
    process.env.DSPTT_PYTHON = '/nowhere/python';
    try {
      expect(() => new LocalLauncher()).toThrow(
        'DSPTT_PYTHON is /nowhere/python, which is not an executable file; name a Python that has torch',
      );
    } finally {
      delete process.env.DSPTT_PYTHON;
    }
  });

  it('is given up when it never says hello', async () => {
    const launcher = new WatchedLauncher(script('sleeps', 'exec sleep 1000'));
    const starting = failureOf(Worker.start(launcher, { startMs: 500, graceMs: 100 }));
    await until(() => launcher.handles.length > 0);
    const late = setTimeout(() => launcher.handles[0].stop(0), 15_000); // so that a failing test leaves no process
    const error = await starting;
    clearTimeout(late);
    expect(error).toBeInstanceOf(WorkerError);
    expect(error.message).not.toContain('SIGKILL');
  });
});
