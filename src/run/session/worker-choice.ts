import { launcherOn, type Place } from '../../bridge/placed/placement';
import { type ModelFactory, PythoniaLauncher } from '../../bridge/pythonia/launcher';
import { EarlyLauncher } from '../../bridge/workers/early-worker';
import type { Launcher } from '../../bridge/workers/launcher';
import { LocalLauncher } from '../../bridge/workers/local-launcher';
import { RemoteLauncher, type RemoteWorkerOptions } from '../../bridge/workers/remote-launcher';
import { ConfigError, UsageError } from '../../errors';
import { type DataRequest, dataDirectory } from '../data/locate';

/** The worker of a session: its own process, the Python of a model factory, or a worker on another machine. */
export interface WorkerChoice {
  /** The interpreter, where workers are started; by default DSPTT_PYTHON, or the environment that `npm run setup` creates. */
  readonly python?: string | undefined;
  /** Builds the network in Python, which then hosts the worker. */
  readonly model?: ModelFactory | undefined;
  /** Time to import torch and to build that network, downloads included, in ms. Default 300,000. */
  readonly factoryMs?: number | undefined;
  /** A running worker that listens on TCP. */
  readonly worker?: RemoteWorkerOptions | undefined;
  /**
   * Place in which workers are started, as `--on` says it: `gpus`, `ray`, `srun ...`, `slurm ...`, `ssh HOST` or
   * `command ...`; or `{ kind: 'ray', gpus, cpus, resources }`, what each worker in a Ray cluster has for itself.
   */
  readonly on?: Place | undefined;
  /** Called each minute while a worker waits for its place, and with what a Ray cluster lacks. */
  readonly onWait?: ((message: string) => void) | undefined;
}

/**
 * Returns the launcher that starts the worker or connects to it.
 * @throws UsageError when the choice contradicts itself, or the address is invalid
 */
export function launcherOf({ python, model, factoryMs, worker, on, onWait }: WorkerChoice): Launcher {
  if (on !== undefined) {
    if (worker !== undefined)
      throw new UsageError('--on starts workers, and --worker names a running one: leave out one');
    if (model === undefined) return launcherOn(on, { python, onWait });
    throw new UsageError('a model factory builds its network in a Python on this machine: it takes no --on');
  }
  if (worker === undefined) {
    if (model !== undefined) return new PythoniaLauncher(model, { python, factoryMs });
    return python === undefined ? new EarlyLauncher() : new LocalLauncher(python);
  }
  if (model !== undefined) {
    throw new UsageError('a model factory builds its network in a Python on this machine: it takes no remote worker');
  }
  return new RemoteLauncher(worker);
}

/**
 * Checks that a run can have several workers.
 * @throws UsageError when there can be only one; ConfigError when they would share a GPU
 */
export function mustBeMultipliable({ model, worker, on }: WorkerChoice, workers: number, device: string): void {
  if (model === undefined && worker === undefined) {
    if (on !== undefined || !device.startsWith('cuda')) return;
    throw new ConfigError(
      `membersWay 'processes' is for CPUs, or for GPUs of their own (--on gpus): ${workers} workers on one '${device}' would wait for each other; take membersWay 'stack', or membersAtOnce 1`,
    );
  }
  const why = worker === undefined ? "a model factory's network lives in one Python" : 'a remote worker is one process';
  throw new UsageError(
    `${why}, and cannot be made ${workers} of: train networks one after the other (membersAtOnce 1), or as one stack (membersWay stack)`,
  );
}

/**
 * Returns the folder from which the worker reads a data set. For a worker on another machine it is the configuration's
 * folder there, without a look at this machine's cache and without a download.
 * @throws like `dataDirectory`
 */
export async function dataFolder({ worker }: WorkerChoice, wanted: DataRequest): Promise<string | null> {
  return worker === undefined ? dataDirectory(wanted) : wanted.dir;
}
