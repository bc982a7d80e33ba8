/**
 * Algorithm 1 of the paper, one tier of the DSP-TT search, line by line:
 *
 *      1  procedure T1Search(model, dataset, maxiter, batchsize)   searchPaths
 *      2    initialize paths, candidates = {model.parameters}      newSearch, and newPath for each path
 *      3    for k = 1 to maxiter do                                planCell, a cell of iterations at a time
 *      4      batch <- getBatch(dataset, batchsize)                searchStream: iteration k takes its batch k
 *      5      rho1, rho2 <- Schedule(iter, maxiter, exit_found)    rho1At (pace.ts), SearchOptions.rho2
 *      6      delta_k <- Select(paths)                             planCell, by a draw from pickStream
 *      7      Update(model, delta_k, rho1)                         space.search: d = growth d
 *      8      exit_found <- CheckExit(model, delta_k, batch)       absorbCell -> observe (exit-detector.ts)
 *      9      if exit_found then                                   the path's status: planCell picks it no more
 *     10        omega_{s,k} <- LocalSolver(model, delta_k)         methods/blocks/descend.ts, after the loop
 *     11        candidates = candidates + {omega_{s,k}}            methods/blocks/run-tiers.ts, after the loop
 *     12      else
 *     13        Calibrate(model, rho2, delta_k, batch)             space.search: + rho2 f(origin + d)
 *     14    return candidates                                      the paths' states, exits among them
 *
 * Lines 10 and 11 come after the loop, because a descent's length is known only then: the remainder of the tier's budget
 * is divided among the paths that exited. Then the descents are independent and can run together. An exit is found when
 * a cell is judged, not within a step: the step that shows it is calibrated like every other (line 12).
 */
import { barrierOf, segmentPositions } from './barrier';
import type { MethodEvent } from './events';
import { pickStream, searchStream, segmentStream, verifiedName } from './names';
import {
  absorbCell,
  type Cell,
  finishSearch,
  judgeExit,
  newSearch,
  nextRound,
  planCell,
  type SearchOptions,
  type SearchState,
  toVerify,
} from './path-states';
import type { SearchAnswer, SearchSpace, Solver } from './space';
import { namedStream } from './streams';

/** Inputs of a search of paths, in any space. */
export interface PathSearch {
  readonly space: SearchSpace;
  readonly seed: number;
  /** Label in the names of the search's random streams. */
  readonly label: string;
  readonly origin: string;
  readonly names: readonly string[];
  /** Creates a path d = v in the space, for a round of the search. */
  readonly newPath: (name: string, round: number) => Promise<void>;
  readonly options: SearchOptions;
  /** The local solver of the calibration step. */
  readonly solver: Solver;
  /** Number of points of a segment at which its loss is measured to verify an exit. */
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

/** Runs a search to its end, rounds and verifications included. Its paths remain in the space. */
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

/**
 * Runs one round. `lag` cells beyond the one that is judged are in flight, so that the executor never waits for a
 * decision.
 */
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
      answer.catch(() => {}); // an earlier cell's failure ends the search before this answer is awaited
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

/** Measures the loss barrier on the segment from the origin to a path's current position. */
async function barrierTo({ space, origin, barrierPoints }: PathSearch, path: string): Promise<number> {
  const here = verifiedName(path);
  await space.pointFromPath(here, path);
  const loss = await space.segment(origin, here, segmentPositions(barrierPoints), segmentStream(path));
  await space.drop({ points: [here] });
  return barrierOf(loss);
}

function progressOf(state: SearchState, cell: Cell, names: readonly string[]): MethodEvent {
  const last = cell.path.length - 1;
  const paths = state.paths.map(({ status, detector, exit }, k) => ({
    path: names[k],
    status: status === 'searching' ? detector.phase : status,
    loss: detector.start + detector.rise,
    exit: status === 'exited' ? exit : null,
  }));
  return { type: 'search', iteration: cell.start + last + 1, rho1: cell.rho1[last], paths };
}
