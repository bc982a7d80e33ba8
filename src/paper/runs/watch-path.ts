import type { Executor } from '../../executor/executor';
import { tier0 } from '../../methods/blocks/tier0';
import type { MethodContext } from '../../methods/method';
import type { PathProgress } from '../../report/figures/search-progress';
import { fitCalibration, fitSearch } from '../../trust-tech/auto';
import type { ExitPoint } from '../../trust-tech/exit-point';
import { directionStream, pathName, probeStream, searchStream, TIER0, tierName } from '../../trust-tech/names';
import { followPath } from './follow-path';

export interface WatchOptions {
  /** Steps that train tier 0, and steps that the search may take. */
  readonly tier0Steps: number;
  readonly searchSteps: number;
  /** Number of iterations between two measurements. */
  readonly every: number;
  /** Number of iterations of calibration alone after the exit. */
  readonly after: number;
}

export interface WatchedPath {
  readonly points: readonly PathProgress[];
  readonly exit: ExitPoint | null;
}

const TIER1 = tierName(1);
const PATH = pathName(TIER1, 1);

/**
 * Trains tier 0, searches one path from it, and measures the network on it every few iterations (figures 3a and 3b).
 */
export async function watchPath(context: MethodContext, options: WatchOptions): Promise<WatchedPath> {
  const { executor, config, report } = context;
  const { dspTt } = config;
  await tier0(context, options.tier0Steps);
  report({ type: 'phase', phase: 'search of one path', steps: options.searchSteps });
  const start = await executor.probe(TIER0, probeStream(TIER1), dspTt.detector.startBatches);
  await executor.newPath(PATH, TIER0, directionStream(PATH, 1), dspTt.scale);
  const here = { iteration: 0, rho1: 0, distance: 0, cosine: 1 };
  const points: PathProgress[] = [{ ...here, ...(await measure(executor, TIER0)) }];
  const { rho2TimesLr, ...fitted } = fitSearch({ ...dspTt, retries: 0 }, 1, options.searchSteps, start);
  const rho2 = new Float64Array(options.searchSteps).fill(rho2TimesLr * config.localSolver.lr);
  const found = await followPath({
    space: executor,
    path: PATH,
    options: { ...fitted, form: dspTt.form, steps: options.searchSteps, rho2, decideEvery: options.every },
    solver: fitCalibration(dspTt.calibration, config.localSolver),
    stream: searchStream(TIER1),
    startLoss: start.loss,
    after: options.after,
    onCell: async (cell, answer) => {
      const last = cell.path.length - 1;
      const at = { iteration: cell.start + last + 1, rho1: cell.rho1[last], distance: answer.norm[last] };
      points.push({ ...at, cosine: answer.cosine[0], ...(await measureOn(executor, PATH)) });
    },
  });
  return { points, exit: found.status === 'exited' ? found.exit : null };
}

/** Measures the network at the path's end as a point of its own, whose batch-norm statistics are re-estimated. */
async function measureOn(executor: Executor, path: string) {
  const here = `${path}-here`;
  await executor.pointFromPath(here, path);
  await executor.reestimate(here, `reestimate/${here}`);
  const measured = await measure(executor, here);
  await executor.drop({ points: [here] });
  return measured;
}

async function measure(executor: Executor, point: string) {
  const [train, test] = await Promise.all([executor.evaluate(point, 'train'), executor.evaluate(point, 'test')]);
  return { trainLoss: train.loss, testLoss: test.loss, trainErrorPct: train.errorPct, testErrorPct: test.errorPct };
}
