import {
  absorbCell,
  type Cell,
  type CellAnswer,
  finishSearch,
  judgeExit,
  newSearch,
  nextRound,
  type PathStatus,
  planCell,
  type SearchOptions,
  type SearchState,
  toVerify,
} from '../../src/trust-tech/path-states';
import { namedStream } from '../../src/trust-tech/streams';

/** The batch loss of a path at its own step in a round: steps from 0, rounds from 1. */
export type LossOf = (path: number, ownStep: number, round: number) => number;
/** The loss barrier between the origin and a path, when it is asked for for this time, from 0. */
export type BarrierTo = (path: number, judged: number) => number;

/** One iteration, as the executor saw it. */
export interface Step {
  readonly iteration: number;
  readonly cell: number;
  readonly round: number;
  readonly path: number;
  readonly rho1: number;
  readonly growth: number;
  readonly loss: number;
  readonly norm: number;
}

/** A round: the iterations that it may take, and which paths are searched in it. */
export interface Round {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly paths: readonly number[];
}

/** What happened to a path, in order: by which function its status changed or stayed. */
export interface Change {
  readonly by: 'absorb' | 'judge' | 'redraw' | 'finish';
  readonly path: number;
  readonly from: PathStatus;
  readonly to: PathStatus;
}

/** An exit that was judged: by which barrier, and how many iterations were planned by then. */
export interface Judgement {
  readonly path: number;
  readonly barrier: number;
  readonly planned: number;
  readonly accepted: boolean;
}

export interface SimulatedSearch {
  readonly state: SearchState;
  readonly cells: readonly Cell[];
  readonly steps: readonly Step[];
  readonly rounds: readonly Round[];
  readonly changes: readonly Change[];
  readonly judgements: readonly Judgement[];
  /** The states after each cell's answer and its judgements. */
  readonly states: readonly SearchState[];
}

/**
 * Run a search with made-up losses and barriers, cells in flight as `src/trust-tech/algorithm1.ts` keeps them. Each
 * iteration's norm is its number and a half, and each cosine tells its cell and path, so that a test can see where a value
 * comes from.
 * @throws Error when the search does not end, or plans more than its share
 */
export function simulateSearch(
  options: SearchOptions,
  startLoss: number,
  lossOf: LossOf,
  { seed = 0, barrierTo = () => 1 }: { readonly seed?: number; readonly barrierTo?: BarrierTo } = {},
): SimulatedSearch {
  const run = newRun(options, namedStream(seed, 'pick/tier1'), lossOf, barrierTo);
  let state = newSearch(options, startLoss);
  for (;;) {
    run.log.rounds.push(roundOf(state));
    state = runRound(run, state);
    const next = nextRound(state);
    if (next === null) return { ...run.log, state: changed(run, 'finish', state, finishSearch(state)) };
    for (const k of next.redrawn) run.taken[k] = 0;
    state = changed(run, 'redraw', state, next.state);
    if (run.log.rounds.length > options.retries) throw new Error(`more than ${options.retries} further rounds`);
  }
}

/** The steps of one path in one round, in order. */
export function stepsOfPath({ steps, state }: SimulatedSearch, path: number, round = state.paths[path].round): Step[] {
  return steps.filter((step) => step.path === path && step.round === round);
}

export const cosineOf = (cell: number, path: number) => 1 / (1 + cell) - path / 1000;

/** The paths that search. */
export function searching({ paths }: SearchState): number[] {
  return paths.flatMap(({ status }, k) => (status === 'searching' ? [k] : []));
}

type Run = ReturnType<typeof newRun>;

function newRun({ paths }: SearchOptions, draw: (below: number) => number, lossOf: LossOf, barrierTo: BarrierTo) {
  return {
    draw,
    lossOf,
    barrierTo,
    /** Steps that each path took in this round. */
    taken: new Int32Array(paths),
    log: {
      cells: [] as Cell[],
      steps: [] as Step[],
      rounds: [] as Round[],
      changes: [] as Change[],
      judgements: [] as Judgement[],
      states: [] as SearchState[],
    },
  };
}

function runRound(run: Run, start: SearchState): SearchState {
  const flying: Cell[] = [];
  let state = start;
  for (;;) {
    while (flying.length <= state.options.lag) {
      const planned = planCell(state, run.draw);
      if (planned === null) break;
      state = planned.state;
      flying.push(planned.cell);
    }
    if (state.planned > state.options.steps) throw new Error(`planned ${state.planned} iterations`);
    const cell = flying.shift();
    if (cell === undefined) return state;
    state = changed(run, 'absorb', state, absorbCell(state, cell, answerTo(run, cell, state.round.number)));
    for (const k of toVerify(state)) state = changed(run, 'judge', state, judged(run, state, k));
    run.log.states.push(state);
  }
}

function roundOf(state: SearchState): Round {
  const { planned, round } = state;
  return { number: round.number, start: planned, end: round.end, paths: searching(state) };
}

/** The state after, with a note of what changed. */
function changed(run: Run, by: Change['by'], before: SearchState, after: SearchState): SearchState {
  for (const [k, path] of before.paths.entries()) {
    const to = after.paths[k];
    if (path !== to) run.log.changes.push({ by, path: k, from: path.status, to: to.status });
  }
  return after;
}

function answerTo(run: Run, cell: Cell, round: number): CellAnswer {
  const number = run.log.cells.length;
  const steps = Array.from(cell.path, (path, i): Step => {
    const [iteration, loss] = [cell.start + i, Math.fround(run.lossOf(path, run.taken[path], round))];
    run.taken[path] += 1;
    const [rho1, growth] = [cell.rho1[i], cell.growth[i]];
    return { iteration, cell: number, round, path, rho1, growth, loss, norm: iteration + 0.5 };
  });
  run.log.cells.push(cell);
  run.log.steps.push(...steps);
  return {
    loss: Float32Array.from(steps, ({ loss }) => loss),
    norm: Float32Array.from(steps, ({ norm }) => norm),
    cosine: Float64Array.from(run.taken, (_, path) => cosineOf(number, path)),
  };
}

function judged(run: Run, state: SearchState, path: number): SearchState {
  const before = run.log.judgements.filter((judgement) => judgement.path === path).length;
  const barrier = run.barrierTo(path, before);
  const next = judgeExit(state, path, barrier);
  const accepted = next.paths[path].status === 'exited';
  run.log.judgements.push({ path, barrier, planned: state.planned, accepted });
  return next;
}
