import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode, WorkerError } from '../../errors';
import type { Launcher, WorkerExit, WorkerHandle } from './launcher';
import { findPython, programArguments, pythonEnvironment } from './python';

const MAX_SOCKET_PATH = 103; // bytes: the limit of macOS; Linux allows 107
const KEPT_OUTPUT = 64 * 1024;

/** Starts workers as child processes, on `ipc://` sockets in a directory that only this user can enter. */
export class LocalLauncher implements Launcher {
  readonly #python: string;

  /** @param python path of the interpreter; by default the one of `findPython` */
  constructor(python: string = findPython()) {
    this.#python = python;
  }

  async start(): Promise<WorkerHandle> {
    const directory = await socketDirectory();
    const args = ['--listen', `ipc://${directory}`, '--until-stdin-ends'];
    const child = spawn(this.#python, programArguments('dsptt_worker', args), {
      env: pythonEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // a separate session, so that Ctrl-C in a terminal reaches only Node
    });
    return new LocalWorker(child, directory, this.#python);
  }
}

/** Functions that end the running workers, called by a single exit listener: Node warns of more than ten listeners. */
const RUNNING = new Set<() => void>();

const endAll = () => {
  for (const end of RUNNING) end();
};

/** Registers `end` for the exit of this process, also by an uncaught exception. The stdin pipe covers SIGKILL. */
function endAtExit(end: () => void): void {
  if (RUNNING.size === 0) process.once('exit', endAll);
  RUNNING.add(end);
}

function hasEnded(end: () => void): void {
  RUNNING.delete(end);
  if (RUNNING.size === 0) process.removeListener('exit', endAll);
}

class LocalWorker implements WorkerHandle {
  readonly work: string;
  readonly control: string;
  readonly description: string;
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #end = () => {
    this.#kill();
    rmSync(this.#directory, { recursive: true, force: true });
  };

  constructor(child: ChildProcess, directory: string, python: string) {
    this.#child = child;
    this.#directory = directory;
    this.work = `ipc://${join(directory, 'work')}`;
    this.control = `ipc://${join(directory, 'control')}`;
    this.description = `${python} (pid ${child.pid ?? 'none'})`;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-KEPT_OUTPUT);
      });
    }
    child.stdin?.on('error', () => {}); // EPIPE of a dead worker: its exit is reported instead
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, output: String(error) }));
      child.once('exit', () => this.#killGroup()); // surviving children hold its output open, and so delay 'close'
      child.once('close', (code, signal) => resolve({ code, signal, output }));
    });
    endAtExit(this.#end);
  }

  async stop(graceMs: number): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#kill(), graceMs);
    await this.exited;
    clearTimeout(timer);
    hasEnded(this.#end);
    await rm(this.#directory, { recursive: true, force: true });
  }

  #kill(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) this.#killGroup();
  }

  /** Kills the worker and its children. */
  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error; // the group has ended already
    }
  }
}

/**
 * Creates a directory that only this user can enter, with a path short enough for sockets.
 * @throws WorkerError when the path is too long and /tmp cannot be written
 */
export async function socketDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dsptt-')); // mode 0700, a fresh random name
  if (Buffer.byteLength(join(directory, 'control')) <= MAX_SOCKET_PATH) return directory;
  await rm(directory, { recursive: true });
  try {
    return mkdtempSync('/tmp/dsptt-');
  } catch (cause) {
    throw new WorkerError(
      `the directory for sockets, ${directory}, is longer than ${MAX_SOCKET_PATH} bytes allow: set TMPDIR to a shorter one`,
      { cause },
    );
  }
}
