import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerError } from '../../errors';
import type { Launcher, WorkerExit, WorkerHandle } from './launcher';
import { findPython, programArguments, pythonEnvironment } from './python';
import { WorkerChild } from './worker-child';

const MAX_SOCKET_PATH = 103; // bytes: the limit of macOS; Linux allows 107

/** Starts workers as child processes, on `ipc://` sockets in a directory that only this user can enter. */
export class LocalLauncher implements Launcher {
  readonly #python: string;
  readonly #env: NodeJS.ProcessEnv;

  /**
   * @param python path of the interpreter; by default the one of `findPython`
   * @param env variables of the workers' environment beside those of this process
   */
  constructor(python: string = findPython(), env: NodeJS.ProcessEnv = {}) {
    this.#python = python;
    this.#env = env;
  }

  async start(): Promise<WorkerHandle> {
    const directory = await socketDirectory();
    const args = ['--listen', `ipc://${directory}`, '--until-stdin-ends'];
    const child = spawn(this.#python, programArguments('dsptt_worker', args), {
      env: { ...pythonEnvironment(), ...this.#env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // a separate session, so that Ctrl-C in a terminal reaches only Node
    });
    const remove = () => rmSync(directory, { recursive: true, force: true });
    return new LocalWorker(new WorkerChild(child, ['SIGKILL'], remove), directory, this.#python);
  }
}

class LocalWorker implements WorkerHandle {
  readonly work: string;
  readonly control: string;
  readonly description: string;
  readonly exited: Promise<WorkerExit>;
  readonly #child: WorkerChild;
  readonly #directory: string;

  constructor(child: WorkerChild, directory: string, python: string) {
    this.#child = child;
    this.#directory = directory;
    this.work = `ipc://${join(directory, 'work')}`;
    this.control = `ipc://${join(directory, 'control')}`;
    this.description = `${python} (pid ${child.pid ?? 'none'})`;
    this.exited = child.exited;
  }

  async stop(graceMs: number): Promise<void> {
    await this.#child.stop(graceMs);
    await rm(this.#directory, { recursive: true, force: true });
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
