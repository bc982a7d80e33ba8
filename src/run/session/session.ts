import { LaneKeeper } from '../../bridge/workers/lane-keeper';
import { type Keeper, Supervisor, type SupervisorOptions } from '../../bridge/workers/supervisor';
import type { Requests } from '../../bridge/workers/worker';
import { HANDED } from '../../config/base';
import { lanesOf } from '../../config/members';
import { type Config, modelName } from '../../config/schema';
import { UsageError } from '../../errors';
import { TorchExecutor } from '../../executor/torch';
import type { Result } from '../../store/result';
import { cacheDirectory } from '../data/locate';
import { DEFAULT_WINDOW, type OpenOptions, type RunOptions, type SessionOptions } from '../options';
import { type RunHost, runOnce } from '../run-once';
import { dataFolder, launcherOf, mustBeMultipliable } from './worker-choice';

/** Holds a worker and performs runs on it, one after the other. All parts are wired together here. */
export class Session {
  readonly #supervisor: Supervisor;
  readonly #options: SessionOptions;
  /** Keepers of several workers, by the number of workers. */
  readonly #lanes = new Map<number, LaneKeeper>();

  private constructor(supervisor: Supervisor, options: SessionOptions) {
    this.#supervisor = supervisor;
    this.#options = options;
  }

  /**
   * Starts a worker, or connects to a remote one.
   * @param signal gives up the wait for a place, with an InterruptedError
   * @throws WorkerError when the worker cannot start; with a factory, ConfigError when it fails, and UsageError while
   *   another session with a factory is open
   */
  static async start(options: SessionOptions = {}, signal?: AbortSignal): Promise<Session> {
    return new Session(await Supervisor.start(launcherOf(options), supervisionOf(options), signal), options);
  }

  /**
   * Opens a task in the worker, for workflows that are not runs (a sweep, a figure), and drops the task that was open.
   * A data set that can be downloaded, and for which no folder is named, is read from the cache, and downloaded into it
   * if missing. After an abort of the signal, commands end with an InterruptedError.
   * @throws ConfigError, DataError; UsageError when the session has a factory and the configuration another network
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
    const wanted = {
      dataset: name ?? '',
      dir,
      cache: cacheDirectory(),
      onProgress: onDownload,
      signal: options.signal,
    };
    const dataset = { ...config.dataset, dir: await dataFolder(this.#options, wanted) };
    return TorchExecutor.open(requests, { ...config, dataset }, options);
  }

  /**
   * Runs a method and writes its result to a run directory. A run that is interrupted, or whose worker is lost too
   * often, can be resumed. A new run leaves no directory when it would fail again in the same way.
   * @throws ConfigError, DataError, DivergedError, WorkerError, JournalError, DeterminismError; InterruptedError when
   *   the signal aborts it
   */
  async run(config: Config, options: RunOptions): Promise<Result> {
    const open: RunHost['open'] = (requests, opened, openOptions) => this.#open(requests, opened, openOptions);
    const { window = DEFAULT_WINDOW, chunk, worker, on } = this.#options;
    const kind = { isRemote: worker !== undefined, isPlaced: on !== undefined };
    return runOnce({ supervisor: this.#keeper(config), window, chunk, ...kind, open }, config, options);
  }

  /** Returns the keeper for a configuration. @throws like `mustBeMultipliable` */
  #keeper(config: Config): Keeper {
    const lanes = lanesOf(config);
    if (lanes === 1) return this.#supervisor;
    mustBeMultipliable(this.#options, lanes, config.device);
    const start = (signal: AbortSignal) =>
      Supervisor.start(launcherOf(this.#options), supervisionOf(this.#options), signal);
    const keeper = this.#lanes.get(lanes) ?? new LaneKeeper(this.#supervisor, start, lanes);
    this.#lanes.set(lanes, keeper);
    return keeper;
  }

  /** Cancels all pending commands; each ends with an InterruptedError. */
  cancel(): void {
    for (const { worker } of [this.#supervisor, ...this.#lanes.values()]) worker.cancelAll();
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    await Promise.all([this.#supervisor, ...this.#lanes.values()].map((keeper) => keeper.close()));
  }

  /** Closes the session at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function supervisionOf({ window = DEFAULT_WINDOW, ...options }: SessionOptions): SupervisorOptions {
  const { maxRestarts, stallMs, beatMs, lostMs } = options;
  return {
    window,
    ...(maxRestarts !== undefined && { maxRestarts }),
    ...(stallMs !== undefined && { stallMs }),
    ...(beatMs !== undefined && { beatMs }),
    ...(lostMs !== undefined && { lostMs }),
  };
}
