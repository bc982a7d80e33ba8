/**
 * The search of one tier (algorithm 1): several paths from one origin, one of which moves at each iteration. Pure: this
 * file plans cells of iterations and takes in what they showed; someone else executes them.
 *
 * Decisions fall on a grid of cells of `decideEvery` iterations: what cell c shows takes effect at cell c + lag + 1, so
 * that cells can be in flight while earlier ones are judged. A path that has exited may therefore be moved on by cells
 * that were planned before it was known: its *overrun*. The same losses always give the same search.
 */
import { type DetectorOptions, type DetectorState, newDetector, observe } from './exit-detector';
import { type Pace, rho1At } from './pace';

export interface SearchOptions {
  readonly paths: number;
  /** Iterations that the search may take in all: its share of the tier's budget. */
  readonly steps: number;
  readonly rho1: Pace;
  /** Length of a calibration step: the factor on minus the batch's gradient. */
  readonly rho2: number;
  /**
   * `ratio`: d_i = rho1(i)/rho1(i') d_i' - rho2 g, the displacement is rho1 times a direction (our reading of equation
   * 3); `literal`: d_i = rho1(i) d_i' - rho2 g, which multiplies the direction away (docs/decisions.md).
   */
  readonly form: 'ratio' | 'literal';
  readonly detector: DetectorOptions;
  /** Iterations a cell. */
  readonly decideEvery: number;
  /** Cells between a decision's cause and its effect. */
  readonly lag: number;
}

/** Where a path left its stability region: at the maximum of its averaged loss. */
export interface ExitPoint {
  /** Iteration of the tier's loop, from 0. */
  readonly step: number;
  readonly rho1: number;
  /** Euclidean length of the displacement. */
  readonly distance: number;
  /** Cosine between the displacement and the first direction, at the end of the exit point's cell. */
  readonly cosine: number;
  readonly startLoss: number;
  readonly peakLoss: number;
  /** Steps that the path took after its exit was detected, from cells that were planned before. */
  readonly overrun: number;
}

export interface PathState {
  readonly status: 'searching' | 'exited' | 'exhausted' | 'diverged';
  readonly detector: DetectorState;
  /** Steps planned for this path, and rho1 at the last of them (1 before the first: the path starts as d = v). */
  readonly planned: number;
  readonly rho1: number;
  readonly exit: ExitPoint;
  /** Iteration at which the loss was not finite. */
  readonly divergedAt: number | null;
}

/** Consecutive iterations of a tier, one array entry each: which path moves, its rho1, growth and calibration step. */
export interface Cell {
  readonly start: number;
  readonly path: Int32Array;
  readonly rho1: Float64Array;
  readonly growth: Float64Array;
  readonly rho2: Float64Array;
}

/** What a cell showed: loss and displacement length a step, and each path's cosine after it. */
export interface CellAnswer {
  readonly loss: Float32Array;
  readonly norm: Float32Array;
  readonly cosine: Float64Array;
}

export interface SearchState {
  readonly options: SearchOptions;
  readonly paths: readonly PathState[];
  /** Iterations planned so far. */
  readonly planned: number;
}

/** A tier's search before its first iteration; `startLoss` is the origin's mean training loss. */
export function newSearch(options: SearchOptions, startLoss: number): SearchState {
  const exit = { step: -1, rho1: 0, distance: 0, cosine: 1, startLoss, peakLoss: startLoss, overrun: 0 };
  const path: PathState = {
    status: 'searching',
    detector: newDetector(startLoss),
    planned: 0,
    rho1: 1,
    exit,
    divergedAt: null,
  };
  return { options, planned: 0, paths: Array.from({ length: options.paths }, () => path) };
}

/**
 * The next cell, or null when no path searches any more or the share is used up. Paths that are known to have exited are
 * picked no more; among the others the pick is uniform.
 * @param draw draws an integer in 0 to `below` - 1 from the tier's pick stream
 */
export function planCell(
  state: SearchState,
  draw: (below: number) => number,
): { cell: Cell; state: SearchState } | null {
  const { options, planned } = state;
  const searching = [...state.paths.keys()].filter((k) => state.paths[k].status === 'searching');
  const length = Math.min(options.decideEvery, options.steps - planned);
  if (searching.length === 0 || length <= 0) return null;
  const paths = [...state.paths];
  const cell: Cell = {
    start: planned,
    path: new Int32Array(length),
    rho1: new Float64Array(length),
    growth: new Float64Array(length),
    rho2: new Float64Array(length).fill(options.rho2),
  };
  for (let i = 0; i < length; i += 1) {
    const k = searching[draw(searching.length)];
    const ticks = options.rho1.clock === 'iteration' ? planned + i : paths[k].planned;
    const rho1 = rho1At(options.rho1, ticks, options.paths);
    cell.path[i] = k;
    cell.rho1[i] = rho1;
    cell.growth[i] = options.form === 'ratio' ? rho1 / paths[k].rho1 : rho1;
    paths[k] = { ...paths[k], planned: paths[k].planned + 1, rho1 };
  }
  return { cell, state: { ...state, paths, planned: planned + length } };
}

/** The state after a cell's answer. Answers must come in the order in which the cells were planned. */
export function absorbCell(state: SearchState, cell: Cell, answer: CellAnswer): SearchState {
  const paths = [...state.paths];
  for (const [i, k] of cell.path.entries()) paths[k] = absorbStep(paths[k], state.options.detector, cell, answer, i);
  for (const [k, path] of paths.entries()) {
    if (path.exit.step >= cell.start) paths[k] = { ...path, exit: { ...path.exit, cosine: answer.cosine[k] } };
  }
  return { ...state, paths };
}

/** The search's end: paths that are still searching have used up the share and are exhausted. */
export function finishSearch(state: SearchState): SearchState {
  const paths = state.paths.map((path) =>
    path.status === 'searching' ? { ...path, status: 'exhausted' as const } : path,
  );
  return { ...state, paths };
}

function absorbStep(path: PathState, options: DetectorOptions, cell: Cell, answer: CellAnswer, i: number): PathState {
  if (path.status !== 'searching') return { ...path, exit: { ...path.exit, overrun: path.exit.overrun + 1 } };
  const detector = observe(path.detector, answer.loss[i], options);
  if (detector.phase === 'diverged') return { ...path, detector, status: 'diverged', divergedAt: cell.start + i };
  const status = detector.phase === 'exited' ? ('exited' as const) : path.status;
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
