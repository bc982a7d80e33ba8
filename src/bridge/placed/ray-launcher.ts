import { z } from 'zod';
import { UsageError } from '../../errors';
import type { Launcher, WorkerHandle } from '../workers/launcher';
import { findPython } from '../workers/python';
import { PlacedWorker, placedArguments, untilPlaced } from './placed-worker';
import { Pool } from './pool';

const rayPlaceSchema = z.strictObject({
  kind: z.literal('ray'),
  /** GPUs of each worker, whole ones: several processes on one would wait for each other. 0: runs on processors. */
  gpus: z.int().min(0).default(1),
  cpus: z.int().min(1).default(1),
  /** Further resources by their names in Ray, such as `{"accelerator_type:A100": 0.001}`. */
  resources: z.record(z.string(), z.number().positive()).default({}),
});
/** Resources of each worker in a Ray cluster, as `Session.start({ on })` takes it. */
export type RayPlace = z.input<typeof rayPlaceSchema>;

export interface RayLauncherOptions {
  /** The interpreter on the nodes; by default the one of `findPython`, whose path must then lead to one there too. */
  readonly python?: string | undefined;
  readonly onWait?: ((message: string) => void) | undefined;
}

/** Starts workers in the Ray cluster of RAY_ADDRESS, or of this machine. A worker may wait for its place without limit. */
export class RayLauncher implements Launcher {
  readonly #place: z.output<typeof rayPlaceSchema>;
  readonly #options: RayLauncherOptions;

  /** @throws UsageError for amounts that cannot be */
  constructor(place: RayPlace, options: RayLauncherOptions = {}) {
    const parsed = rayPlaceSchema.safeParse(place);
    if (!parsed.success) throw new UsageError(`--on ray: ${z.prettifyError(parsed.error)}`);
    this.#place = parsed.data;
    this.#options = options;
  }

  /** @throws UsageError when there is no cluster to use, or it has no GPU; WorkerError; like `Launcher.start` */
  async start(signal?: AbortSignal): Promise<WorkerHandle> {
    const { gpus, cpus, resources } = this.#place;
    const { python = findPython(), onWait = () => {} } = this.#options;
    const worker = Pool.get().ask({ gpus, cpus, resources, python, arguments: placedArguments() }, onWait);
    try {
      const said = await untilPlaced(worker.announced, signal);
      return await PlacedWorker.reach(worker, said, 'ray');
    } catch (error) {
      await worker.stop(0);
      throw error;
    }
  }
}
