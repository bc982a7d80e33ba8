import type { Config } from '../../config/schema';
import type { TorchExecutor } from '../../executor/torch';
import { directionStream } from '../../methods/search-tier';

/** Bytes of a worker's tensors: at the peak of training, at the peak of a search, and what the paths alone added. */
export interface MeasuredMemory {
  readonly trainingPeakBytes: number;
  readonly searchPeakBytes: number;
  readonly pathsBytes: number;
  /** What the data set takes, a part of both peaks. */
  readonly dataBytes: number;
  readonly counted: 'cuda allocator' | 'live tensors';
}

const POINT = 'tier0';

/**
 * Measure what training a network takes, and what a search from it with so many paths does. Two programs of a step train
 * it: from the second one on, as in every training, the solver's state is copied, so that a cancelled program changes
 * nothing. Two of the paths are moved: all of them are there at each step, and no step takes more than another.
 */
export async function measureMemory(executor: TorchExecutor, config: Config, paths: number): Promise<MeasuredMemory> {
  const { localSolver, dspTt } = config;
  await executor.newPoint(POINT, 'init/tier0');
  await executor.memory(true);
  const training = { point: POINT, stream: 'data/tier0', solver: localSolver, lr: Float64Array.of(localSolver.lr) };
  await executor.descend({ ...training, start: 0 });
  await executor.descend({ ...training, start: 1 });
  const trained = await executor.memory(true);
  const before = await executor.memory(true); // by now the training's answer has left the worker
  const names = Array.from({ length: paths }, (_, k) => `tier1-${k + 1}`);
  for (const name of names) await executor.newPath(name, POINT, directionStream(name, 1), dspTt.scale);
  const drawn = await executor.memory(true);
  await executor.search({
    paths: names,
    stream: 'data/tier1-search',
    start: 0,
    path: Int32Array.of(0, paths - 1),
    growth: new Float64Array(2).fill(dspTt.rho1.start),
    rho2: new Float64Array(2).fill(dspTt.rho2TimesLr * localSolver.lr),
    solver: dspTt.calibration,
  });
  const searched = await executor.memory(false);
  return {
    trainingPeakBytes: trained.peakBytes,
    searchPeakBytes: searched.peakBytes,
    pathsBytes: drawn.allocatedBytes - before.allocatedBytes,
    dataBytes: drawn.dataBytes,
    counted: drawn.counted,
  };
}
