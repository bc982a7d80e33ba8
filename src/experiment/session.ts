import { LocalLauncher } from '../bridge/local-launcher';
import { type ModelFactory, PythoniaLauncher } from '../bridge/pythonia/launcher';
import { Worker } from '../bridge/worker';
import { budgetSteps, type Config, modelName } from '../config/schema';
import type { Progress as DownloadProgress } from '../data/download';
import { cacheDirectory, dataDirectory } from '../data/locate';
import { InterruptedError, UsageError } from '../errors';
import type { Task } from '../executor/executor';
import { type ProgramProgress, TorchExecutor, type TorchOptions } from '../executor/torch';
import { findMethod } from '../methods';
import { type MethodEvent, OF_MODEL } from '../methods/method';
import type { Result } from '../store/result';
import { RunDirectory } from '../store/run-directory';
import { VERSION } from '../version';
import { assess } from './assess';
import { resultOf } from './result';
import { Stopwatch } from './stopwatch';
import { mustHaveValidation } from './validation';

/** What happens in a run, for displays. */
export type RunEvent =
  | MethodEvent
  | { readonly type: 'started'; readonly out: string; readonly task: Task; readonly steps: number }
  | ({ readonly type: 'progress' } & ProgramProgress)
  | ({ readonly type: 'download' } & DownloadProgress);

/** What a task that is opened may tell, and what ends its commands. */
export interface OpenOptions extends Pick<TorchOptions, 'onProgress' | 'signal'> {
  readonly onDownload?: (progress: DownloadProgress) => void;
}

export interface SessionOptions {
  /** The interpreter for the worker; by default DSPTT_PYTHON, or the environment that `npm run setup` makes. */
  readonly python?: string | undefined;
  /** Programs on the wire at a time, and steps a program: they change speed only, never a result. */
  readonly window?: number | undefined;
  readonly chunk?: number | undefined;
  /** Builds the network in Python, which then hosts the worker; configurations name it as the model `handed`. */
  readonly model?: ModelFactory | undefined;
  /** Time for that, the import of torch and downloads included, in ms. Default 300,000. */
  readonly factoryMs?: number | undefined;
}

/** The model that a factory's network is. */
export const HANDED = 'handed';

export interface RunOptions {
  /** Run directory, which must not exist. */
  readonly out: string;
  /** A network trained already, as the bytes of a safetensors file; `model`: the one that the model comes with. */
  readonly tier0?: Uint8Array | typeof OF_MODEL | null;
  /** Where that network comes from, for messages. */
  readonly tier0Source?: string | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Ends the run with an InterruptedError. */
  readonly signal?: AbortSignal | undefined;
}

/** A worker, and the runs that it is asked for one after the other. This is where all parts are wired together. */
export class Session {
  readonly #worker: Worker;
  readonly #options: SessionOptions;

  private constructor(worker: Worker, options: SessionOptions) {
    this.#worker = worker;
    this.#options = options;
  }

  /**
   * Start a worker.
   * @throws WorkerError when it cannot start; with a factory, ConfigError when it fails, and UsageError while another
   *   session with a factory is open
   */
  static async start(options: SessionOptions = {}): Promise<Session> {
    const { window, model, python, factoryMs } = options;
    const workerOptions = window === undefined ? {} : { window };
    const launcher =
      model === undefined ? new LocalLauncher(python) : new PythoniaLauncher(model, { python, factoryMs });
    return new Session(await Worker.start(launcher, workerOptions), options);
  }

  /**
   * Open a task in the worker, for workflows that are no runs (a sweep, a figure); what was open there is dropped. A data
   * set that can be downloaded, and for which no folder is named, is looked for in the cache and downloaded into it.
   * @throws ConfigError, DataError; commands end with an InterruptedError once the signal is aborted; UsageError when
   *   the session has a factory and the configuration another network
   */
  async open(config: Config, { onDownload, ...options }: OpenOptions = {}): Promise<TorchExecutor> {
    if (this.#options.model !== undefined && config.model.name !== HANDED) {
      throw new UsageError(
        `the session has a model factory, but the configuration's model is '${modelName(config)}': state '${HANDED}'`,
      );
    }
    const { name, dir } = config.dataset;
    const wanted = { dataset: name, dir, cache: cacheDirectory(), onProgress: onDownload, signal: options.signal };
    const dataset = { ...config.dataset, dir: await dataDirectory(wanted) };
    return TorchExecutor.open(this.#worker, { ...config, dataset }, { chunk: this.#options.chunk, ...options });
  }

  /**
   * Run a method and keep what it found in a run directory; a run that fails leaves none.
   * @throws ConfigError, DataError, DivergedError, WorkerError; InterruptedError when the signal aborts it
   */
  async run(
    config: Config,
    { out, tier0 = null, tier0Source = 'the network given as tier 0', onEvent = () => {}, signal }: RunOptions,
  ): Promise<Result> {
    const method = findMethod(config.method);
    if (tier0 !== null && !method.takesTier0) {
      throw new UsageError(`method '${config.method}' trains its own network and takes no --tier0`);
    }
    const given = tier0 === OF_MODEL ? tier0 : tier0 && { file: tier0, source: tier0Source };
    const watch = new Stopwatch();
    const report = (event: RunEvent) => {
      if (event.type === 'phase') watch.phase(event.phase);
      if (event.type === 'progress') watch.count(event.steps);
      onEvent(event);
    };
    const cancel = () => this.cancel();
    signal?.addEventListener('abort', cancel);
    try {
      if (signal?.aborted) throw new InterruptedError('the run was interrupted');
      watch.phase('open');
      const onProgress = (progress: ProgramProgress) => report({ type: 'progress', ...progress });
      const onDownload = (progress: DownloadProgress) => report({ type: 'download', ...progress });
      const executor = await this.open(config, { signal, onProgress, onDownload });
      mustHaveValidation(config, executor.task);
      const steps = budgetSteps(config, executor.task.stepsPerEpoch);
      return await inDirectory(out, config, async (directory) => {
        report({ type: 'started', out: directory.path, task: executor.task, steps });
        const outcome = await method.run({ executor, config, steps, tier0: given, report });
        report({ type: 'phase', phase: 'evaluation', steps: 0 });
        const assessment = await assess(executor, outcome, config, {
          member: (name, file) => directory.saveMember(name, file),
          outputs: (split, name, values, columns) => directory.saveOutputs(split, name, values, columns),
        });
        await directory.saveTraces(outcome.traces);
        const versions = { dsptt: VERSION, node: process.versions.node, ...this.#worker.hello.versions };
        const { task } = executor;
        const result = resultOf({ config, task, outcome, assessment, versions, timings: watch.timings() });
        await directory.finish(result);
        return result;
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Give up all commands that are on their way; each ends with an error. */
  cancel(): void {
    this.#worker.cancelAll();
  }

  /** End the worker. */
  close(): Promise<void> {
    return this.#worker.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function inDirectory<T>(out: string, config: Config, work: (directory: RunDirectory) => Promise<T>): Promise<T> {
  const directory = await RunDirectory.create(out, config);
  try {
    return await work(directory);
  } catch (error) {
    await directory.remove();
    throw error;
  }
}
