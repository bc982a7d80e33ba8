import type { Config } from '../../config/schema';
import type { TorchExecutor } from '../../executor/torch';
import { fitCalibration } from '../../trust-tech/auto';
import {
  dataStream,
  directionStream,
  initStream,
  pathNames,
  searchStream,
  TIER0,
  tierName,
} from '../../trust-tech/names';

/**
 * Bytes of a worker's tensors: at the peak of training, at the peak of a search, and those that the paths alone added.
 */
export interface MeasuredMemory {
  readonly trainingPeakBytes: number;
  readonly searchPeakBytes: number;
  readonly pathsBytes: number;
  /** Bytes of the data set, a part of both peaks. */
  readonly dataBytes: number;
  readonly counted: 'cuda allocator' | 'live tensors';
}

/**
 * Measures the memory of training a network, and of a search from it with `paths` paths. Two programs of one step each
 * train it: from the second one on, as in every training, the solver's state is copied, so that a cancelled program
 * changes nothing. Only two of the paths are moved: all of them are in memory at each step, and no step takes more than
 * another.
 */
export async function measureMemory(executor: TorchExecutor, config: Config, paths: number): Promise<MeasuredMemory> {
  const { localSolver, dspTt } = config;
  await executor.newPoint(TIER0, initStream(TIER0));
  await executor.memory(true);
  const training = {
    point: TIER0,
    stream: dataStream(TIER0),
    solver: localSolver,
    lr: Float64Array.of(localSolver.lr),
  };
  await executor.descend({ ...training, start: 0 });
  await executor.descend({ ...training, start: 1 });
  const trained = await executor.memory(true);
  const before = await executor.memory(true); // by now the training's answer has left the worker
  const names = pathNames(tierName(1), paths);
  for (const name of names) await executor.newPath(name, TIER0, directionStream(name, 1), dspTt.scale);
  const drawn = await executor.memory(true);
  await executor.search({
    paths: names,
    stream: searchStream(tierName(1)),
    start: 0,
    path: Int32Array.of(0, paths - 1),
    growth: new Float64Array(2).fill(dspTt.rho1.start),
    rho2: new Float64Array(2).fill(localSolver.lr), // a step of any length takes the same memory
    solver: fitCalibration(dspTt.calibration, localSolver),
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
