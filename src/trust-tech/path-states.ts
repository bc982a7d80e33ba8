/**
 * The states of a search's paths: several paths from one origin, one of which moves at each iteration. Pure: this file
 * plans cells of iterations and processes their answers; algorithm1.ts executes them. Diagram: docs/trust-tech.md.
 *
 *     searching --(the detector sees an exit)--> exited                         or, with `verify`:
 *     searching --(the detector sees an exit)--> verifying --(a barrier)--> exited
 *                                                verifying --(none)-------> searching, rho1 grows on by a stretch
 *     searching --(a loss that is not finite)--> diverged  --(a round is left)--> searching, redrawn
 *     searching --(the round's share is used)--> exhausted --(a round is left)--> searching, redrawn
 *
 * Decisions fall on a grid of cells of `decideEvery` iterations: the answer of cell c takes effect at cell c + lag + 1, so
 * that cells can be in flight while earlier ones are judged. A path that has exited may therefore be moved further by
 * cells that were planned before its exit was known: its *overrun*. The same losses always give the same search.
 */
import { type DetectorOptions, type DetectorState, newDetector, observe } from './exit-detector';
import { type ExitPoint, noExit } from './exit-point';
import { type Boost, boostAfter, NO_BOOST } from './missed-exit';
import { type Pace, rho1At } from './pace';
import type { SearchAnswer, SearchProgram } from './space';

export interface SearchOptions {
  readonly paths: number;
  /** Maximum number of iterations of the search, rounds included: its share of the tier's budget. */
  readonly steps: number;
  readonly rho1: Pace;
  /** Length of a calibration step: factor on the local solver's direction, one entry an iteration of the share. */
  readonly rho2: Float64Array;
  /**
   * `ratio`: d_i = rho1(i)/rho1(i') d_i' + rho2 f, the displacement is rho1 times a direction (our reading of equation
   * 3); `literal`: d_i = rho1(i) d_i' + rho2 f, which multiplies the direction away (docs/decisions/algorithm.md).
   */
  readonly form: 'ratio' | 'literal';
  readonly detector: DetectorOptions;
  /** Number of iterations a cell. */
  readonly decideEvery: number;
  /** Number of cells between a decision's cause and its effect. */
  readonly lag: number;
  /** Rise in nats that counts as a barrier, and further growth of rho1 without one. Null: exits are not verified. */
  readonly verify: { readonly rise: number; readonly stretch: number } | null;
  /** Number of further rounds for exhausted and diverged paths. */
  readonly retries: number;
  /** Fraction of the remaining iterations that a round before the last may take. */
  readonly roundShare: number;
  /** A redrawn path gets more of what the path before it lacked (missed-exit.ts). Default: the same as before. */
  readonly adapts?: boolean;
}

export type PathStatus = 'searching' | 'verifying' | 'exited' | 'exhausted' | 'diverged';

export interface PathState {
  readonly status: PathStatus;
  /** Round in which the path is searched, from 1. */
  readonly round: number;
  readonly detector: DetectorState;
  /** Current stretch of rho1: its value and the clock's reading at the start, and the maximum at which it is held. */
  readonly pace: { readonly from: number; readonly since: number; readonly max: number };
  readonly boost: Boost;
  /** Steps planned for this path in this round. */
  readonly planned: number;
  /** Pace at the last planned step; 1 before the first, as the path starts as d = v. */
  readonly rho1: number;
  readonly exit: ExitPoint;
  /** Iteration at which the loss was not finite; null if that never happened. */
  readonly divergedAt: number | null;
}

/** Consecutive iterations of a tier, one array entry each: the planned part of a program, with its rho1. */
export interface Cell extends Pick<SearchProgram, 'start' | 'path' | 'growth' | 'rho2'> {
  readonly rho1: Float64Array;
}

/** Answer to a cell. */
export type CellAnswer = Omit<SearchAnswer, 'captured'>;

export interface SearchState {
  readonly options: SearchOptions;
  readonly paths: readonly PathState[];
  /** Number of iterations planned so far. */
  readonly planned: number;
  /** Current round, from 1: the number of paths that share its clock, and the iteration at which it must end. */
  readonly round: { readonly number: number; readonly sharing: number; readonly end: number };
}

/** Returns the state of a tier's search before its first iteration; `startLoss` is the origin's mean training loss. */
export function newSearch(options: SearchOptions, startLoss: number): SearchState {
  const path = freshPath(options, startLoss, 1, 0);
  const round = { number: 1, sharing: options.paths, end: roundEnd(options, 1, 0) };
  return { options, planned: 0, round, paths: Array.from({ length: options.paths }, () => path) };
}

/**
 * Plans the next cell. The pick is uniform among the paths that are not known to have exited.
 * @param draw draws an integer in 0 to `below` - 1 from the tier's pick stream
 * @returns the cell and the new state; null if no path is searching or the round's share is used up
 */
export function planCell(
  state: SearchState,
  draw: (below: number) => number,
): { cell: Cell; state: SearchState } | null {
  const { options, planned, round } = state;
  const searching = [...state.paths.keys()].filter((k) => state.paths[k].status === 'searching');
  const length = Math.min(options.decideEvery, round.end - planned);
  if (searching.length === 0 || length <= 0) return null;
  const paths = [...state.paths];
  const cell: Cell = {
    start: planned,
    path: new Int32Array(length),
    rho1: new Float64Array(length),
    growth: new Float64Array(length),
    rho2: new Float64Array(length),
  };
  for (let i = 0; i < length; i += 1) {
    const k = searching[draw(searching.length)];
    const rho1 = nextRho1(options, paths[k], planned + i, round.sharing);
    cell.path[i] = k;
    cell.rho1[i] = rho1;
    cell.rho2[i] = options.rho2[planned + i] * paths[k].boost.rho2;
    cell.growth[i] = options.form === 'ratio' ? rho1 / paths[k].rho1 : rho1;
    paths[k] = { ...paths[k], planned: paths[k].planned + 1, rho1 };
  }
  return { cell, state: { ...state, paths, planned: planned + length } };
}

/** Returns the state after a cell's answer. Answers must come in the order in which the cells were planned. */
export function absorbCell(state: SearchState, cell: Cell, answer: CellAnswer): SearchState {
  const paths = [...state.paths];
  for (const [i, k] of cell.path.entries()) paths[k] = absorbStep(paths[k], state.options, cell, answer, i);
  for (const [k, path] of paths.entries()) {
    if (path.exit.step >= cell.start) paths[k] = { ...path, exit: { ...path.exit, cosine: answer.cosine[k] } };
  }
  return { ...state, paths };
}

/** Returns the indices of the paths whose exit is not verified yet. */
export function toVerify(state: SearchState): number[] {
  return [...state.paths.keys()].filter((k) => state.paths[k].status === 'verifying');
}

/**
 * Returns the state after the verification of path k, given the barrier between the origin and the path. If the barrier
 * is too low, the path searches on with a fresh detector, and rho1 grows on from its current value.
 * @throws Error if the path does not wait for verification: a mistake of the caller
 */
export function judgeExit(state: SearchState, k: number, barrier: number): SearchState {
  const { options } = state;
  const path = state.paths[k];
  if (options.verify === null || path.status !== 'verifying') throw new Error(`path ${k} does not wait to be verified`);
  const { rise, stretch } = options.verify;
  if (barrier >= rise && Number.isFinite(barrier))
    return withPath(state, k, { ...path, status: 'exited', exit: { ...path.exit, barrier } });
  const { startLoss } = path.exit;
  const max = Math.max(path.pace.max, path.rho1 + stretch);
  const pace = { from: path.rho1, since: clockOf(options, path, state.planned), max };
  const fresh = { detector: newDetector(startLoss), exit: noExit(startLoss) };
  return withPath(state, k, { ...path, ...fresh, status: 'searching', pace });
}

/**
 * Starts the search's next round, once no cell is in flight and none can be planned: paths that found no exit are
 * redrawn, with a new clock. Returns null if there is nothing to redraw, or no round or share is left.
 */
export function nextRound(state: SearchState): { state: SearchState; redrawn: readonly number[] } | null {
  const { options, round, planned } = state;
  const number = round.number + 1;
  const redrawn = [...state.paths.keys()].filter((k) => state.paths[k].status !== 'exited');
  if (redrawn.length === 0 || number > options.retries + 1 || planned >= options.steps) return null;
  const paths = state.paths.map((path, k) => {
    if (!redrawn.includes(k)) return path;
    const boost = options.adapts ? boostAfter(path, options.detector.minRise) : NO_BOOST;
    return freshPath(options, path.exit.startLoss, number, planned, boost);
  });
  const next = { number, sharing: redrawn.length, end: roundEnd(options, number, planned) };
  return { state: { ...state, paths, round: next }, redrawn };
}

/** Ends the search: paths that are still searching have used up the share and are exhausted. */
export function finishSearch(state: SearchState): SearchState {
  const paths = state.paths.map((path) =>
    path.status === 'searching' ? { ...path, status: 'exhausted' as const } : path,
  );
  return { ...state, paths };
}

function freshPath(
  { rho1 }: SearchOptions,
  startLoss: number,
  round: number,
  planned: number,
  boost = NO_BOOST,
): PathState {
  return {
    status: 'searching',
    round,
    detector: newDetector(startLoss),
    pace: { from: rho1.start, since: rho1.clock === 'iteration' ? planned : 0, max: rho1.max * boost.rho1 },
    boost,
    planned: 0,
    rho1: 1,
    exit: noExit(startLoss),
    divergedAt: null,
  };
}

/**
 * Returns the iteration at which a round ends. The last round may take all that is left; an earlier one leaves a part
 * for the paths that it does not bring to an exit.
 */
function roundEnd({ steps, retries, roundShare }: SearchOptions, round: number, planned: number): number {
  return round > retries ? steps : planned + Math.ceil((steps - planned) * roundShare);
}

function nextRho1(options: SearchOptions, path: PathState, iteration: number, sharing: number): number {
  const { from, since, max } = path.pace;
  const increment = options.rho1.increment * path.boost.rho1;
  return rho1At({ ...options.rho1, increment, start: from, max }, clockOf(options, path, iteration) - since, sharing);
}

function clockOf({ rho1 }: SearchOptions, path: PathState, iteration: number): number {
  return rho1.clock === 'iteration' ? iteration : path.planned;
}

function absorbStep(path: PathState, options: SearchOptions, cell: Cell, answer: CellAnswer, i: number): PathState {
  if (path.status !== 'searching') return { ...path, exit: { ...path.exit, overrun: path.exit.overrun + 1 } };
  const detector = observe(path.detector, answer.loss[i], options.detector);
  if (detector.phase === 'diverged') return { ...path, detector, status: 'diverged', divergedAt: cell.start + i };
  const found = options.verify === null ? ('exited' as const) : ('verifying' as const);
  const status = detector.phase === 'exited' ? found : path.status;
  if (detector.peak === path.detector.peak) return { ...path, detector, status };
  const exit = {
    ...path.exit,
    step: cell.start + i,
    rho1: cell.rho1[i],
    distance: answer.norm[i],
    peakLoss: detector.start + detector.peak.rise,
  };
  return { ...path, detector, status, exit };
}

function withPath(state: SearchState, k: number, path: PathState): SearchState {
  return { ...state, paths: state.paths.map((other, index) => (index === k ? path : other)) };
}
