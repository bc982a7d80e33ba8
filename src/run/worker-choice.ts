import { type ModelFactory, PythoniaLauncher } from '../bridge/pythonia/launcher';
import { EarlyLauncher } from '../bridge/workers/early-worker';
import type { Launcher } from '../bridge/workers/launcher';
import { LocalLauncher } from '../bridge/workers/local-launcher';
import { RemoteLauncher, type RemoteWorkerOptions } from '../bridge/workers/remote-launcher';
import { UsageError } from '../errors';
import { type DataRequest, dataDirectory } from './data/locate';

/** Which worker a session has: a process of its own, the Python of a model's factory, or one on another machine. */
export interface WorkerChoice {
  /** The interpreter for a worker on this machine; by default DSPTT_PYTHON, or what `npm run setup` makes. */
  readonly python?: string | undefined;
  /** Builds the network in Python, which then hosts the worker. */
  readonly model?: ModelFactory | undefined;
  /** Time for that, in ms. Default 300,000. */
  readonly factoryMs?: number | undefined;
  /** A worker that listens on TCP already. */
  readonly worker?: RemoteWorkerOptions | undefined;
}

/**
 * How the worker is started or reached.
 * @throws UsageError for a choice that contradicts itself, or an address that is none
 */
export function launcherOf({ python, model, factoryMs, worker }: WorkerChoice): Launcher {
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
 * Whether several workers can be started where one can.
 * @throws UsageError where there is one only
 */
export function mustBeMultipliable({ model, worker }: WorkerChoice, workers: number): void {
  if (model === undefined && worker === undefined) return;
  const why = worker === undefined ? "a model factory's network lives in one Python" : 'a remote worker is one process';
  throw new UsageError(
    `${why}, and cannot be made ${workers} of: train networks one after the other (membersAtOnce 1), or as one stack (membersWay stack)`,
  );
}

/**
 * The folder that the worker reads a data set from. On another machine it is the one that the configuration names there:
 * nothing is looked for in the cache here, and nothing is downloaded.
 * @throws as `dataDirectory`
 */
export async function dataFolder({ worker }: WorkerChoice, wanted: DataRequest): Promise<string | null> {
  return worker === undefined ? dataDirectory(wanted) : wanted.dir;
}
