import { checkExit, type ExitSample } from '../closed-form/check-exit';
import { indexOfLos } from '../closed-form/los-graph';
import type { AnalyticConfig } from '../config/closed-form';
import { DataError, UsageError } from '../errors';
import { openAnalytic } from '../run/closed-form';
import type { OptimaResult } from '../store/optima';
import { losName, numberOfPath } from '../trust-tech/names';
import type { ExitVerification, Projected } from './exit-view';

export interface OptimumCheck {
  /** Indices of the optimum, and of the one that its path started from. */
  readonly optimum: number;
  readonly parent: number;
  readonly exit: NonNullable<OptimaResult['optima'][number]['exit']>;
  /** Samples, each with the index of the optimum that its flow reaches; null if it reaches none. */
  readonly samples: readonly (ExitSample & { readonly reached: number | null })[];
  /** True if all points before the exit lead to the parent, and all beyond it to the optimum. */
  readonly separates: boolean;
}

/**
 * Verifies the exit through which a run on a closed-form objective first reached an optimum, with the flows from points
 * of the search path before and beyond it (section 5.1).
 * @throws UsageError on an optimum that no exit led to; DataError when the path exits elsewhere than the run records
 */
export async function verifyOptimum(
  { result, config }: { readonly result: OptimaResult; readonly config: AnalyticConfig },
  optimum: number,
  { each = 5, spacing = 1 }: { readonly each?: number; readonly spacing?: number } = {},
): Promise<OptimumCheck> {
  const { parent, exit } = result.optima[optimum] ?? {};
  if (parent == null || exit == null) throw new UsageError(`no exit point led to optimum ${optimum}`);
  const { space } = openAnalytic(config);
  const origin = losName(parent);
  await space.placeAt(origin, Float64Array.from(result.optima[parent].x));
  const search = { space, seed: config.seed, origin, options: config.search, report: () => {} };
  const path = numberOfPath(exit.path) - 1;
  const check = await checkExit(search, { path, each, spacing });
  if (check.path.exit?.rho1 !== exit.rho1) {
    throw new DataError(`path ${exit.path} exits elsewhere than result.json records: config.json is not the run's own`);
  }
  const graph = { box: space.box, tolerance: config.mergeTolerance, optima: result.optima, edges: [] };
  const samples = check.samples.map((sample) => {
    const reached = sample.end.status === 'converged' ? indexOfLos(graph, Array.from(sample.end.x)) : null;
    return { ...sample, reached };
  });
  const bothSides = samples.some(({ offset }) => offset < 0) && samples.some(({ offset }) => offset > 0);
  const separates = bothSides && samples.every(({ offset, reached }) => reached === (offset < 0 ? parent : optimum));
  return { optimum, parent, exit, samples, separates };
}

/** Returns the flows around an exit of a closed-form objective in its first two coordinates. */
export function optimumView({ samples, exit, parent }: OptimumCheck, { optima }: OptimaResult): ExitVerification {
  const shown = (x: ArrayLike<number>): Projected => [x[0], x[1] ?? 0];
  return {
    points: samples.map(({ offset, end }) => {
      const trajectory = end.trajectory.map(shown);
      return { side: offset < 0 ? 'before' : 'after', offset, trajectory, end: shown(end.x) };
    }),
    path: [shown(optima[parent].x), ...samples.map(({ x }) => shown(x))],
    exit: shown(exit.x),
    labels: ['x1', 'x2'],
  };
}

/** Returns a check's numbers without its trajectories, for JSON output. */
export function optimumNumbers({ optimum, parent, exit, samples, separates }: OptimumCheck): object {
  const points = samples.map(({ offset, rho1, value, x, reached }) => ({
    offset,
    rho1,
    value,
    x: Array.from(x),
    reached,
  }));
  return { optimum, parent, exit, separates, samples: points };
}
