import { SCHEDULES } from '../../schedules';
import { barrierOf, segmentPositions } from '../../trust-tech/barrier';
import type { MethodEvent } from '../../trust-tech/events';
import {
  directionStream,
  pathNames,
  pickStream,
  probeStream,
  searchPhase,
  searchStream,
  searchTrace,
  segmentStream,
  tierName,
  verifiedName,
} from '../../trust-tech/names';
import {
  absorbCell,
  type Cell,
  finishSearch,
  judgeExit,
  newSearch,
  nextRound,
  type PathState,
  planCell,
  type SearchOptions,
  type SearchState,
  toVerify,
} from '../../trust-tech/path-states';
import type { SearchAnswer, SearchSpace, Solver } from '../../trust-tech/space';
import { namedStream } from '../../trust-tech/streams';
import type { Candidate, MethodContext, Trace } from '../method';

export interface TierSearch {
  /** One candidate a path; those with an exit lie in the executor as points, where their local solver is to start. */
  readonly candidates: readonly Candidate[];
  /** Iterations that the search took. */
  readonly steps: number;
  readonly traces: readonly Trace[];
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
  const startLoss = await executor.probe(origin, probeStream(label), detector.startBatches);
  const found = await searchPaths({
    space: executor,
    seed: config.seed,
    label,
    origin,
    names,
    newPath: (name, round) => executor.newPath(name, origin, directionStream(name, round), scale),
    options: searchOptions(context, paths, steps),
    solver: calibration,
    barrierPoints: config.barrierPoints,
    startLoss,
    report,
  });
  for (const [k, name] of names.entries()) {
    if (found.state.paths[k].status === 'exited') await executor.pointFromPath(name, name);
  }
  await executor.drop({ paths: names });
  const candidates = names.map((name, k) => candidateOf(name, tier, origin, found.state.paths[k]));
  return { candidates, steps: found.state.planned, traces: [traceOf(searchTrace(tier), names, found.cells)] };
}

function searchOptions({ config }: MethodContext, paths: number, steps: number): SearchOptions {
  const { rho2TimesLr, rho2Schedule, verify, verifyRise, verifyStretch, ...dspTt } = config.dspTt;
  const rho2 = SCHEDULES[rho2Schedule](rho2TimesLr * config.localSolver.lr, steps);
  const verifying = verify === 'none' ? null : { rise: verifyRise, stretch: verifyStretch };
  return { ...dspTt, paths, steps, rho2, verify: verifying };
}

/** What a search of paths needs, in whatever space it goes on. */
export interface PathSearch {
  readonly space: SearchSpace;
  readonly seed: number;
  /** Stands in the names of the search's random streams. */
  readonly label: string;
  readonly origin: string;
  readonly names: readonly string[];
  /** Make a path d = v in the space, for a round of the search. */
  readonly newPath: (name: string, round: number) => Promise<void>;
  readonly options: SearchOptions;
  /** The local solver of the calibration step. */
  readonly solver: Solver;
  /** Points of a segment at which its loss is measured, where exits are verified. */
  readonly barrierPoints: number;
  /** The origin's mean training loss. */
  readonly startLoss: number;
  readonly report: (event: MethodEvent) => void;
}

export interface SearchedCell {
  readonly round: number;
  readonly cell: Cell;
  readonly answer: SearchAnswer;
}

/** Run a search to its end, rounds and verifications included. Its paths still live in the space. */
export async function searchPaths(
  search: PathSearch,
): Promise<{ readonly state: SearchState; readonly cells: readonly SearchedCell[] }> {
  const draw = namedStream(search.seed, pickStream(search.label));
  const cells: SearchedCell[] = [];
  for (const name of search.names) await search.newPath(name, 1);
  let state = newSearch(search.options, search.startLoss);
  for (;;) {
    state = await runRound(search, state, draw, cells);
    const next = nextRound(state);
    if (next === null) return { state: finishSearch(state), cells };
    state = next.state;
    const names = next.redrawn.map((k) => search.names[k]);
    await search.space.drop({ paths: names });
    for (const name of names) await search.newPath(name, state.round.number);
  }
}

/** Keeps `lag` cells beyond the one that is judged on their way, so that the executor never waits for a decision. */
async function runRound(
  search: PathSearch,
  start: SearchState,
  draw: (below: number) => number,
  cells: SearchedCell[],
): Promise<SearchState> {
  const { space, names, label, solver, report } = search;
  const flying: { cell: Cell; answer: Promise<SearchAnswer> }[] = [];
  let state = start;
  for (;;) {
    while (flying.length <= search.options.lag) {
      const planned = planCell(state, draw);
      if (planned === null) break;
      state = planned.state;
      const answer = space.search({ ...planned.cell, paths: names, stream: searchStream(label), solver });
      answer.catch(() => {}); // should an earlier cell fail, this one's failure has nobody left to tell
      flying.push({ cell: planned.cell, answer });
    }
    const next = flying.shift();
    if (next === undefined) return state;
    const answer = await next.answer;
    state = absorbCell(state, next.cell, answer);
    cells.push({ round: state.round.number, cell: next.cell, answer });
    for (const k of toVerify(state)) state = judgeExit(state, k, await barrierTo(search, names[k]));
    report(progressOf(state, next.cell, names));
  }
}

/** The loss barrier on the segment from the origin to where a path stands. */
async function barrierTo({ space, origin, barrierPoints }: PathSearch, path: string): Promise<number> {
  const here = verifiedName(path);
  await space.pointFromPath(here, path);
  const loss = await space.segment(origin, here, segmentPositions(barrierPoints), segmentStream(path));
  await space.drop({ points: [here] });
  return barrierOf(loss);
}

function progressOf(state: SearchState, cell: Cell, names: readonly string[]) {
  const last = cell.path.length - 1;
  const paths = state.paths.map(({ status, detector, exit }, k) => ({
    path: names[k],
    status: status === 'searching' ? detector.phase : status,
    loss: detector.start + detector.rise,
    exit: status === 'exited' ? exit : null,
  }));
  return { type: 'search' as const, iteration: cell.start + last + 1, rho1: cell.rho1[last], paths };
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
