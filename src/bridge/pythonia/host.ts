import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { ConfigError, DspttError, hasCode, WorkerError } from '../../errors';
import { workerError } from '../wire/link';
import { replyError } from '../wire/reply';
import type { WorkerExit, WorkerHandle } from '../workers/launcher';
import { pythonEnvironment } from '../workers/python';
import { type StartedPython, startPython } from './package';
import { type Found, found, type ObjectRequest, type ObjectStore, objectRequest, type PythonObject } from './python';
import { type StateEntry, stateEntry } from './same-network';

const reply = z.union([z.strictObject({ ok: z.unknown() }), z.strictObject({ error: replyError })]);
/** Answers of `python/dsptt_worker/hosting/hosted.py`, by kind. */
export const ANSWERS = {
  found,
  plain: z.strictObject({ value: z.unknown() }),
  begun: z.strictObject({ pid: z.int().positive() }),
  taken: z.strictObject({ state: z.array(stateEntry) }),
} as const;

/** Requests to `python/dsptt_worker/hosting/hosted.py`: begin a worker, a script's requests, hand over its network. */
export const hostRequest = z.discriminatedUnion('type', [
  objectRequest,
  z.strictObject({ type: z.literal('begin'), directory: z.string() }),
  z.strictObject({ type: z.literal('handOver'), on: z.int().nonnegative() }),
]);
type Request = Readonly<z.infer<typeof hostRequest>>;

/**
 * The Python process that pythonia runs: it first holds the objects of a model factory, then becomes a usual worker. It
 * inherits the script's standard error, and its prints go there.
 */
export class PythonHost implements WorkerHandle, ObjectStore {
  readonly work: string;
  readonly control: string;
  readonly exited: Promise<WorkerExit>;
  readonly #python: string;
  readonly #directory: string;
  readonly #started: StartedPython;
  /** Rejects with a WorkerError once the process has ended. */
  readonly gone: Promise<never>;
  #pid: number | undefined;
  #isBuilding = true;
  readonly #endAtExit = () => {
    this.#kill();
    rmSync(this.#directory, { recursive: true, force: true });
  };

  /** Starts Python, with its sockets in `directory`. @throws UsageError when the script itself uses pythonia */
  constructor(python: string, directory: string) {
    this.#python = python;
    this.#directory = directory;
    this.work = `ipc://${join(directory, 'work')}`;
    this.control = `ipc://${join(directory, 'control')}`;
    // Under a safe path, pythonia's own program would not find its modules, which lie beside it.
    const { PYTHONPATH, PYTHONUNBUFFERED } = pythonEnvironment();
    this.#started = startPython({ PYTHON_BIN: python, PYTHONPATH, PYTHONUNBUFFERED, PYTHONSAFEPATH: undefined });
    this.exited = this.#exit();
    this.gone = this.exited.then(({ code, signal, output }) => {
      const how = signal ? `was ended by ${signal}` : `ended with ${output || `exit code ${code}`}`;
      throw new WorkerError(`the Python ${this.description} ${how} before it could be used as a worker`);
    });
    this.gone.catch(() => {}); // only pending requests need to see it
    process.once('exit', this.#endAtExit); // also runs after an uncaught exception; Python itself handles other ends
  }

  get description(): string {
    return `${this.#python} (pid ${this.#pid ?? this.#started.child.pid ?? 'none'}, started through pythonia)`;
  }

  /** Turns Python into a worker process. @throws WorkerError when it cannot import what the worker needs */
  async begin(): Promise<void> {
    try {
      this.#pid = (await this.#ask({ type: 'begin', directory: this.#directory }, ANSWERS.begun)).pid;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new WorkerError(`the Python ${this.description} cannot be used: ${error.message}`, {
        traceback: error.traceback,
      });
    }
  }

  async object(request: ObjectRequest): Promise<Found> {
    return this.#ask(request, ANSWERS.found);
  }

  async value(request: ObjectRequest): Promise<unknown> {
    return (await this.#ask(request, ANSWERS.plain)).value;
  }

  /**
   * Makes the object the worker's network and starts serving. The factory's objects cannot be used afterwards.
   * @returns shape, type and digest of every tensor of the network's state
   * @throws ConfigError when the object is no torch.nn.Module
   */
  async handOver(network: PythonObject): Promise<StateEntry[]> {
    const { state } = await this.#ask({ type: 'handOver', on: network.refIn(this) }, ANSWERS.taken);
    this.#isBuilding = false;
    return state;
  }

  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#kill(), graceMs);
    await this.exited;
    clearTimeout(timer);
    process.removeListener('exit', this.#endAtExit);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #ask<T>(request: Request, answer: z.ZodType<T>): Promise<T> {
    if (!this.#isBuilding) {
      throw new ConfigError('the network is handed over and its factory is over: change it there, before it returns');
    }
    const said = reply.parse(JSON.parse(String(await Promise.race([this.#answer(request), this.gone]))));
    if ('error' in said) throw workerError(said.error);
    return answer.parse(said.ok);
  }

  async #answer(request: Request): Promise<unknown> {
    try {
      const hosted = await this.#started.hosted;
      return await hosted.answer(JSON.stringify(request));
    } catch (error) {
      if (error instanceof DspttError) throw error;
      const said = stripVTControlCharacters(error instanceof Error ? (error.stack ?? error.message) : String(error));
      const last = said.trim().split('\n').at(-1);
      throw new WorkerError(`the Python ${this.description} cannot be used: ${last}`, { traceback: said });
    }
  }

  #exit(): Promise<WorkerExit> {
    const { child, exit } = this.#started;
    return new Promise((resolve) => {
      const end = (how: WorkerExit) => {
        exit();
        resolve(how);
      };
      child.once('exit', (code, signal) => end({ code, signal, output: '' }));
      child.on('error', (error) => {
        if (child.pid === undefined) end({ code: null, signal: null, output: String(error) });
      }); // any other error is a message that could not be delivered: the exit event reports the end
    });
  }

  #kill(): void {
    const { child } = this.#started;
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (this.#pid !== undefined) endGroup(this.#pid);
    child.kill('SIGKILL');
  }
}

/** Kills a Python process and its children: it leads its own process group. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error; // the group has ended already
  }
}
