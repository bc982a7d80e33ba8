import type { Launcher } from '../bridge/launcher';
import { LocalLauncher } from '../bridge/local-launcher';
import { type ModelFactory, PythoniaLauncher } from '../bridge/pythonia/launcher';
import { RemoteLauncher, type RemoteWorkerOptions } from '../bridge/remote-launcher';
import { type DataRequest, dataDirectory } from '../data/locate';
import { UsageError } from '../errors';

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
    return model === undefined ? new LocalLauncher(python) : new PythoniaLauncher(model, { python, factoryMs });
  }
  if (model !== undefined) {
    throw new UsageError('a model factory builds its network in a Python on this machine: it takes no remote worker');
  }
  return new RemoteLauncher(worker);
}

/**
 * The folder that the worker reads a data set from. On another machine it is the one that the configuration names there:
 * nothing is looked for in the cache here, and nothing is downloaded.
 * @throws as `dataDirectory`
 */
export async function dataFolder({ worker }: WorkerChoice, wanted: DataRequest): Promise<string | null> {
  return worker === undefined ? dataDirectory(wanted) : wanted.dir;
}
