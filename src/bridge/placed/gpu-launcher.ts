import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InterruptedError, UsageError } from '../../errors';
import type { Launcher, WorkerHandle } from '../workers/launcher';
import { LocalLauncher } from '../workers/local-launcher';

const ASK = ['--query-gpu=index', '--format=csv,noheader'];
const ASK_MS = 30_000;

/** Starts workers on this machine, each with a GPU of its own, which it sees as `cuda:0`. Further workers wait for one. */
export class GpuLauncher implements Launcher {
  readonly #python: string | undefined;

  constructor(python?: string) {
    this.#python = python;
  }

  /** @throws UsageError when this machine shows no GPU; like `Launcher.start` */
  async start(signal?: AbortSignal): Promise<WorkerHandle> {
    const gpus = await gpusOfThisMachine();
    const gpu = await gpus.take(signal);
    try {
      const worker = await new LocalLauncher(this.#python, { CUDA_VISIBLE_DEVICES: gpu }).start();
      void worker.exited.then(() => gpus.give(gpu));
      return worker;
    } catch (error) {
      gpus.give(gpu);
      throw error;
    }
  }
}

/** GPUs, each with one user at a time; they are given in the order in which they were asked for. */
class Gpus {
  readonly #free: string[];
  readonly #waiting: ((gpu: string) => void)[] = [];

  constructor(all: readonly string[]) {
    this.#free = [...all];
  }

  /** Takes a GPU, or waits for one. @throws InterruptedError after an abort */
  take(signal?: AbortSignal): Promise<string> {
    if (signal?.aborted) return Promise.reject(unneeded());
    const free = this.#free.shift();
    if (free !== undefined) return Promise.resolve(free);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(served), 1);
        reject(unneeded());
      };
      const served = (gpu: string) => {
        signal?.removeEventListener('abort', abort);
        resolve(gpu);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(served);
    });
  }

  /** Gives a GPU back. */
  give(gpu: string): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(gpu);
    else next(gpu);
  }
}

/** The GPUs of this machine that no worker of this process has, shared by its sessions. */
let known: Promise<Gpus> | undefined;

function gpusOfThisMachine(): Promise<Gpus> {
  known ??= namesOfGpus().then((names) => new Gpus(names));
  known.catch(() => {
    known = undefined; // a driver may be loaded meanwhile
  });
  return known;
}

/**
 * Returns the GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them.
 * @throws UsageError when there is none
 */
async function namesOfGpus(): Promise<string[]> {
  const given = process.env.CUDA_VISIBLE_DEVICES;
  const found = given ?? (await askDriver());
  const names = found.split(/[\n,]/).flatMap((name) => name.trim() || []);
  if (names.length > 0 && names[0] !== '-1') return names;
  const why = given === undefined ? 'nvidia-smi lists none' : `CUDA_VISIBLE_DEVICES is '${given}'`;
  throw new UsageError(`--on gpus: this machine shows no GPU (${why}); leave out --on, or name another place`);
}

async function askDriver(): Promise<string> {
  try {
    return (await promisify(execFile)('nvidia-smi', ASK, { timeout: ASK_MS, env: process.env })).stdout;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new UsageError(
      `--on gpus: nvidia-smi, which lists the GPUs, does not answer (${why}): install the driver, or set CUDA_VISIBLE_DEVICES`,
      { cause },
    );
  }
}

function unneeded(): InterruptedError {
  return new InterruptedError('interrupted while a worker waited for a GPU');
}
