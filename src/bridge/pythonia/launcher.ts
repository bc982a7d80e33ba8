import { rm } from 'node:fs/promises';
import { ConfigError, DspttError, UsageError, WorkerError } from '../../errors';
import type { Launcher, WorkerHandle } from '../workers/launcher';
import { socketDirectory } from '../workers/local-launcher';
import { findPython } from '../workers/python';
import { PythonHost } from './host';
import { checkPython } from './probe';
import { type Python, PythonObject, pythonOf } from './python';
import { checkSameNetwork, type StateEntry } from './same-network';

/**
 * Builds a network in Python: any `torch.nn.Module`, from a zoo or the user's own file, modified through `python`. It
 * is called at every start of the worker, with torch, numpy and random seeded, and must build the same network with the
 * same weights each time.
 */
export type ModelFactory = (python: Python) => Promise<PythonObject>;

export interface PythoniaOptions {
  /** The interpreter; by default the one of `findPython`. */
  readonly python?: string | undefined;
  /** Time to import torch and to build the network, downloads included, in ms. Default 300,000. */
  readonly factoryMs?: number | undefined;
}

let isRunning = false; // pythonia runs one Python a process

/** Starts workers inside the Python process that pythonia runs, so that they use the object that a factory built. */
export class PythoniaLauncher implements Launcher {
  readonly #factory: ModelFactory;
  readonly #options: PythoniaOptions;
  #first: readonly StateEntry[] | undefined;

  constructor(factory: ModelFactory, options: PythoniaOptions = {}) {
    this.#factory = factory;
    this.#options = options;
  }

  /**
   * Starts Python, calls the factory, and hands its network to the worker.
   * @throws WorkerError when Python cannot be used, dies, or misses its deadline; UsageError while another such worker
   *   runs; ConfigError when the factory fails, returns no network, or returns a different one than at the first start
   */
  async start(): Promise<WorkerHandle> {
    if (isRunning) {
      throw new UsageError(
        'a worker with a model factory runs already, and pythonia runs one Python a process: close its session first',
      );
    }
    isRunning = true;
    try {
      const host = await startHost(this.#options.python ?? findPython());
      host.exited.then(() => {
        isRunning = false;
      });
      await this.#prepare(host);
      return host;
    } catch (error) {
      isRunning = false;
      throw error;
    }
  }

  async #prepare(host: PythonHost): Promise<void> {
    try {
      const state = await within(this.#options.factoryMs ?? 300_000, this.#build(host), host);
      this.#first ??= state;
      checkSameNetwork(this.#first, state);
    } catch (error) {
      await host.stop(0);
      throw error;
    }
  }

  async #build(host: PythonHost): Promise<StateEntry[]> {
    await host.begin();
    const network: unknown = await this.#call(host); // a script in JavaScript may answer anything
    if (network instanceof PythonObject) return host.handOver(network);
    throw new ConfigError(
      `the model factory must answer an object of Python, a torch.nn.Module, got ${typeof network}`,
    );
  }

  async #call(host: PythonHost): Promise<PythonObject> {
    try {
      return await this.#factory(pythonOf(host));
    } catch (cause) {
      if (cause instanceof DspttError) throw cause;
      throw new ConfigError(`the model factory failed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
}

async function startHost(python: string): Promise<PythonHost> {
  await checkPython(python);
  const directory = await socketDirectory();
  try {
    return new PythonHost(python, directory);
  } catch (error) {
    await rm(directory, { recursive: true });
    throw error;
  }
}

/** Waits for a factory's work: rejects with a WorkerError after `ms`, or as soon as Python ends. */
async function within<T>(ms: number, work: Promise<T>, host: PythonHost): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new WorkerError(`the model factory has built no network within ${ms} ms (factoryMs)`));
    }, ms);
  });
  try {
    return await Promise.race([work, late, host.gone]);
  } finally {
    clearTimeout(timer);
  }
}
