import { SCHEDULES } from '../../schedules';
import { type SearchedCell, searchPaths } from '../../trust-tech/algorithm1';
import { type FittedSearch, fitCalibration, fitSearch, isAuto } from '../../trust-tech/auto';
import { directionStream, pathNames, probeStream, searchPhase, searchTrace, tierName } from '../../trust-tech/names';
import type { PathState, SearchOptions } from '../../trust-tech/path-states';
import { shortfall } from '../../trust-tech/shortfall';
import type { Candidate, FittedTier, MethodContext, Trace } from '../method';

export interface TierSearch {
  /** One candidate a path; those with an exit lie in the executor as points, where their local solver is to start. */
  readonly candidates: readonly Candidate[];
  /** Iterations that the search took. */
  readonly steps: number;
  readonly traces: readonly Trace[];
  /** Settings of the search, if the configuration leaves some to the program. */
  readonly fitted: FittedTier | null;
  /** Why fewer paths than were asked for found an exit. */
  readonly notices: readonly string[];
}

/** Search a tier's paths from `origin` (algorithm 1), and turn the paths that exited into points. */
export async function searchTier(
  context: MethodContext,
  origin: string,
  { tier, paths, steps }: { readonly tier: number; readonly paths: number; readonly steps: number },
): Promise<TierSearch> {
  const { executor, config, report } = context;
  const { scale, detector, calibration } = config.dspTt;
  const label = tierName(tier);
  const names = pathNames(label, paths);
  report({ type: 'phase', phase: searchPhase(tier), steps });
  const start = await executor.probe(origin, probeStream(label), detector.startBatches);
  const fitted = fitSearch(config.dspTt, paths, steps, start);
  report({ type: 'fitted', tier, isAuto: isAuto(config.dspTt), ...fitted });
  const found = await searchPaths({
    space: executor,
    seed: config.seed,
    label,
    origin,
    names,
    newPath: (name, round) => executor.newPath(name, origin, directionStream(name, round), scale),
    options: searchOptions(config, fitted, paths, steps),
    solver: fitCalibration(calibration, config.localSolver),
    barrierPoints: config.barrierPoints,
    startLoss: start.loss,
    report,
  });
  for (const [k, name] of names.entries()) {
    if (found.state.paths[k].status === 'exited') await executor.pointFromPath(name, name);
  }
  await executor.drop({ paths: names });
  const candidates = names.map((name, k) => candidateOf(name, tier, origin, found.state.paths[k]));
  return {
    candidates,
    steps: found.state.planned,
    traces: [traceOf(searchTrace(tier), names, found.cells)],
    fitted: isAuto(config.dspTt) ? { tier, ...fitted } : null,
    notices: shortfall(label, names, found.state),
  };
}

function searchOptions(
  { dspTt, localSolver }: MethodContext['config'],
  { rho2TimesLr, ...fitted }: FittedSearch,
  paths: number,
  steps: number,
): SearchOptions {
  const { form, retries, rho2Schedule, verify, verifyRise, verifyStretch } = dspTt;
  const rho2 = SCHEDULES[rho2Schedule](rho2TimesLr * localSolver.lr, steps);
  const verifying = verify === 'none' ? null : { rise: verifyRise, stretch: verifyStretch };
  return { ...fitted, form, retries, paths, steps, rho2, verify: verifying };
}

function candidateOf(name: string, tier: number, parent: string, path: PathState): Candidate {
  const { status, divergedAt, round } = path;
  if (status === 'exited') return { name, tier, parent, state: 'trained', exit: path.exit, round, divergedAt: null };
  return { name, tier, parent, state: status === 'diverged' ? 'diverged' : 'exhausted', exit: null, round, divergedAt };
}

function traceOf(name: string, names: readonly string[], cells: readonly SearchedCell[]): Trace {
  const column = <T>(pick: (searched: SearchedCell) => ArrayLike<T>): T[] =>
    cells.flatMap((cell) => Array.from(pick(cell)));
  return {
    name,
    columns: {
      iteration: column(({ cell }) => Array.from(cell.path, (_, i) => cell.start + i)),
      round: column(({ cell, round }) => Array.from(cell.path, () => round)),
      path: column(({ cell }) => Array.from(cell.path, (k) => names[k])),
      rho1: column(({ cell }) => cell.rho1),
      growth: column(({ cell }) => cell.growth),
      rho2: column(({ cell }) => cell.rho2),
      loss: column(({ answer }) => answer.loss),
      norm: column(({ answer }) => answer.norm),
    },
  };
}
