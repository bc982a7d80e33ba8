import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { UsageError, WorkerError } from '../../errors';
import type { WorkerExit } from '../workers/launcher';
import { findPython, programArguments, pythonEnvironment } from '../workers/python';
import { WorkerChild } from '../workers/worker-child';
import { jsonLine } from './json-line';
import { endedFirst } from './placed-worker';
import { type AskedOfPool, MAX_LINE_BYTES, type Said, saidByPool } from './pool-words';
import { PooledWorker } from './pooled-worker';

/** Time that a cluster has to answer, in ms: on a head that is gone, Ray itself waits for minutes. */
const READY_MS = 60_000;
/** Time of the pool to end a worker beyond the worker's own, in ms; a pool that takes longer hangs. */
const STOP_MS = 20_000;
const LEAVE_MS = 5000;

const NO_TOKEN =
  'this Ray cluster asks for no token: every program that reaches its ports can run code on it (RAY_AUTH_MODE=token)';

/** Resources of a worker, and its command line there. */
export type Wanted = Omit<Extract<AskedOfPool, { word: 'start' }>, 'word' | 'id'>;
type Tell = (message: string) => void;

/** The pool of this process, while it has workers. */
let current: Pool | undefined;

/** The child process that holds our workers in a Ray cluster (`python/dsptt_pool`). It ends with its last worker. */
export class Pool {
  readonly #child: WorkerChild;
  readonly #say: (word: AskedOfPool) => void;
  readonly #workers = new Map<number, PooledWorker>();
  readonly #listeners = new Set<Tell>();
  readonly #silence: NodeJS.Timeout;
  #lastId = 0;
  #refusal: Error | undefined;

  /** Returns the pool of this process, and starts one if there is none. @throws WorkerError without a Python */
  static get(): Pool {
    current ??= new Pool(findPython());
    return current;
  }

  private constructor(python: string) {
    const child = spawn(python, programArguments('dsptt_pool', []), {
      env: pythonEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // a separate session, so that Ctrl-C in a terminal reaches only Node
    });
    this.#child = new WorkerChild(child, ['SIGTERM', 'SIGKILL']);
    this.#say = (word) => child.stdin.write(`${JSON.stringify(word)}\n`);
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(line));
    this.#silence = setTimeout(() => this.#give(silent()), READY_MS);
    this.#child.exited.then((exit) => this.#end(exit));
  }

  /** Asks for a worker. @param tell hears messages for the user: what the cluster lacks, and each minute how many wait */
  ask(wanted: Wanted, tell: Tell): PooledWorker {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#listeners.add(tell);
    this.#say({ word: 'start', id, ...wanted });
    const worker = new PooledWorker((graceMs) => {
      this.#say({ word: 'stop', id, graceMs });
      const timer = setTimeout(() => void this.#child.stop(0), graceMs + STOP_MS);
      worker.exited.then(() => clearTimeout(timer));
    });
    this.#workers.set(id, worker);
    return worker;
  }

  #hear(line: string): void {
    const said = saidByPool.safeParse(jsonLine(line));
    if (said.success && line.length <= MAX_LINE_BYTES) this.#take(said.data);
    else this.#give(new WorkerError(`the pool on Ray said what it has no word for: '${line.slice(0, 200)}'`));
  }

  #take(said: Said<'ready' | 'refused' | 'started' | 'ended' | 'waiting'>): void {
    switch (said.word) {
      case 'ready':
        clearTimeout(this.#silence);
        if (said.auth === 'disabled') this.#tell(NO_TOKEN);
        break;
      case 'refused':
        this.#give(new UsageError(`--on ray: ${said.why}`));
        break;
      case 'started':
        this.#workers.get(said.id)?.started(said.announcement);
        break;
      case 'ended':
        this.#settle(said);
        break;
      case 'waiting':
        this.#tell(waits(said));
    }
  }

  #tell(message: string): void {
    for (const tell of this.#listeners) tell(message);
  }

  #settle(said: Said<'ended'>): void {
    const exit = exitOf(said);
    const worker = this.#workers.get(said.id);
    this.#workers.delete(said.id);
    worker?.ended(exit, failureOf(said, exit));
    if (this.#workers.size === 0) this.#leave(LEAVE_MS);
  }

  /** Gives the pool up. */
  #give(refusal: Error): void {
    this.#refusal ??= refusal;
    this.#leave(0);
  }

  #leave(graceMs: number): void {
    if (current === this) current = undefined;
    clearTimeout(this.#silence);
    void this.#child.stop(graceMs);
  }

  /** Ends all workers, which have ended with the pool. */
  #end(exit: WorkerExit): void {
    this.#leave(0);
    const failure = this.#refusal ?? endedFirst('the pool on Ray', exit);
    for (const worker of this.#workers.values()) worker.ended({ ...exit, lostPlace: true }, failure);
    this.#workers.clear();
  }
}

function exitOf({ why, code, signal, output }: Said<'ended'>): WorkerExit {
  return { code, signal: isSignal(signal) ? signal : null, output, lostPlace: why === 'place' || code === 0 };
}

function isSignal(name: string | null): name is NodeJS.Signals {
  return name !== null && name in constants.signals;
}

function failureOf({ why, output }: Said<'ended'>, exit: WorkerExit): Error {
  if (why === 'refused') return new UsageError(`--on ray: ${output}`);
  if (why === 'exit') return endedFirst('the worker that Ray has placed', exit);
  return new WorkerError(`the places that Ray gave to a worker were lost before it listened; the last one: ${output}`);
}

function silent(): WorkerError {
  const where = process.env.RAY_ADDRESS || 'the address that `ray start` has noted on this machine';
  return new WorkerError(
    `no Ray cluster has answered at ${where} within ${READY_MS / 1000} s: does its head run, and let this machine in?`,
  );
}

function waits({ count, free, all }: Said<'waiting'>): string {
  const amounts = `${free.gpus} of its ${all.gpus} GPUs and ${free.cpus} of its ${all.cpus} CPUs are free`;
  return `${count === 1 ? 'a worker waits' : `${count} workers wait`} for a place on Ray: ${amounts}`;
}
