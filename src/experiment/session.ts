import { Supervisor } from '../bridge/supervisor';
import type { Requests } from '../bridge/worker';
import { type Config, modelName } from '../config/schema';
import type { Progress as DownloadProgress } from '../data/download';
import { cacheDirectory } from '../data/locate';
import { UsageError } from '../errors';
import type { Task } from '../executor/executor';
import { type ProgramProgress, TorchExecutor, type TorchOptions } from '../executor/torch';
import type { MethodEvent, OF_MODEL } from '../methods/method';
import type { Disk } from '../store/disk';
import type { Result } from '../store/result';
import { dataFolder, launcherOf, type WorkerChoice } from './launcher';
import { type RunHost, runOnce } from './one-run';

/** What happens in a run, for displays. */
export type RunEvent =
  | MethodEvent
  | { readonly type: 'started'; readonly out: string; readonly task: Task; readonly steps: number }
  | ({ readonly type: 'progress' } & ProgramProgress)
  | ({ readonly type: 'download' } & DownloadProgress)
  /** What the user may want to know: a worker that was replaced, a checkpoint that was damaged. */
  | { readonly type: 'notice'; readonly message: string };

/** What a task that is opened may tell, and what ends its commands. */
export interface OpenOptions extends Pick<TorchOptions, 'onProgress' | 'signal' | 'chunk' | 'recorded' | 'ahead'> {
  readonly onDownload?: (progress: DownloadProgress) => void;
}

export interface SessionOptions extends WorkerChoice {
  /** Messages on the wire at a time, and steps a message (default: as fit half a second): they change speed, never a result. */
  readonly window?: number | undefined;
  readonly chunk?: number | undefined;
  /** How often within an hour a run's worker that was lost is replaced. Default 3. */
  readonly maxRestarts?: number | undefined;
  /** A worker that gets no further for so long hangs, and is replaced, in ms. Default 600,000. */
  readonly stallMs?: number | undefined;
  /** Time between two beats, and without one after which a worker is lost, in ms. Default 1000 and 30,000. */
  readonly beatMs?: number | undefined;
  readonly lostMs?: number | undefined;
}

const DEFAULT_WINDOW = 3;

/** The model that a factory's network is. */
export const HANDED = 'handed';

export interface RunOptions {
  /** Run directory, which must not exist unless a run is to be resumed. */
  readonly out: string;
  /** Go on with the run in the directory, where there is one; a finished one is answered as it is. */
  readonly resume?: boolean | undefined;
  /** The most minutes between two checkpoints, default 10; and the most epochs, default: as many as there are in that time. */
  readonly checkpointMinutes?: number | undefined;
  readonly checkpointEpochs?: number | undefined;
  /** The file system that the run is kept in; by default the machine's own. */
  readonly disk?: Disk | undefined;
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
  readonly #supervisor: Supervisor;
  readonly #options: SessionOptions;

  private constructor(supervisor: Supervisor, options: SessionOptions) {
    this.#supervisor = supervisor;
    this.#options = options;
  }

  /**
   * Start a worker.
   * @throws WorkerError when it cannot start; with a factory, ConfigError when it fails, and UsageError while another
   *   session with a factory is open
   */
  static async start(options: SessionOptions = {}): Promise<Session> {
    const { window = DEFAULT_WINDOW, maxRestarts, stallMs, beatMs, lostMs } = options;
    const supervision = {
      window,
      ...(maxRestarts !== undefined && { maxRestarts }),
      ...(stallMs !== undefined && { stallMs }),
      ...(beatMs !== undefined && { beatMs }),
      ...(lostMs !== undefined && { lostMs }),
    };
    return new Session(await Supervisor.start(launcherOf(options), supervision), options);
  }

  /**
   * Open a task in the worker, for workflows that are no runs (a sweep, a figure); what was open there is dropped. A data
   * set that can be downloaded, and for which no folder is named, is looked for in the cache and downloaded into it.
   * @throws ConfigError, DataError; commands end with an InterruptedError once the signal is aborted; UsageError when
   *   the session has a factory and the configuration another network
   */
  open(config: Config, options: OpenOptions = {}): Promise<TorchExecutor> {
    return this.#open(this.#supervisor.worker, config, { chunk: this.#options.chunk, ...options });
  }

  async #open(requests: Requests, config: Config, { onDownload, ...options }: OpenOptions): Promise<TorchExecutor> {
    if (this.#options.model !== undefined && config.model.name !== HANDED) {
      throw new UsageError(
        `the session has a model factory, but the configuration's model is '${modelName(config)}': state '${HANDED}'`,
      );
    }
    const { name, dir } = config.dataset;
    const wanted = { dataset: name, dir, cache: cacheDirectory(), onProgress: onDownload, signal: options.signal };
    const dataset = { ...config.dataset, dir: await dataFolder(this.#options, wanted) };
    return TorchExecutor.open(requests, { ...config, dataset }, options);
  }

  /**
   * Run a method and keep what it found in a run directory. A run that is interrupted, or whose worker is lost too often,
   * can be resumed; one that fails otherwise leaves nothing.
   * @throws ConfigError, DataError, DivergedError, WorkerError, JournalError, DeterminismError; InterruptedError when the
   *   signal aborts it
   */
  run(config: Config, options: RunOptions): Promise<Result> {
    const open: RunHost['open'] = (opened, requests, openOptions) => this.#open(requests, opened, openOptions);
    const { window = DEFAULT_WINDOW, chunk } = this.#options;
    return runOnce({ supervisor: this.#supervisor, window, chunk, open }, config, options);
  }

  /** Give up all commands that are on their way; each ends with an error. */
  cancel(): void {
    this.#supervisor.worker.cancelAll();
  }

  /** End the worker. */
  close(): Promise<void> {
    return this.#supervisor.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
