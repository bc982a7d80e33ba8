import { namedStream } from '../../src/trust-tech/streams';
import {
  absorbCell,
  type Cell,
  type CellAnswer,
  finishSearch,
  newSearch,
  planCell,
  type SearchOptions,
  type SearchState,
} from '../../src/trust-tech/tier-search';

/** The batch loss of a path at its own step, from 0. */
export type LossOf = (path: number, ownStep: number) => number;

/** One iteration, as the executor saw it. */
export interface Step {
  readonly iteration: number;
  readonly cell: number;
  readonly path: number;
  readonly rho1: number;
  readonly growth: number;
  readonly loss: number;
  readonly norm: number;
}

export interface SimulatedSearch {
  readonly state: SearchState;
  readonly cells: readonly Cell[];
  readonly answers: readonly CellAnswer[];
  readonly steps: readonly Step[];
  /** Which paths were known to be searching after each cell's answer. */
  readonly searchingAfter: readonly ReadonlySet<number>[];
}

/**
 * Run a search with made-up losses, cells in flight as `src/methods/search-tier.ts` keeps them. Each iteration's norm is
 * its number and a half, and each cosine tells its cell and path, so that a test can see where a value comes from.
 */
export function simulateSearch(options: SearchOptions, startLoss: number, lossOf: LossOf, seed = 0): SimulatedSearch {
  const draw = namedStream(seed, 'pick/tier1');
  const taken = new Int32Array(options.paths);
  const run = {
    cells: [] as Cell[],
    answers: [] as CellAnswer[],
    steps: [] as Step[],
    searchingAfter: [] as Set<number>[],
  };
  const flying: Cell[] = [];
  let state = newSearch(options, startLoss);
  for (;;) {
    while (flying.length <= options.lag) {
      const planned = planCell(state, draw);
      if (planned === null) break;
      state = planned.state;
      flying.push(planned.cell);
    }
    const cell = flying.shift();
    if (cell === undefined) return { ...run, state: finishSearch(state) };
    const steps = stepsOf(cell, run.cells.length, taken, lossOf);
    const answer = answerOf(steps, run.cells.length, options.paths);
    state = absorbCell(state, cell, answer);
    if (state.planned > options.steps) throw new Error(`planned ${state.planned} of ${options.steps} iterations`);
    run.cells.push(cell);
    run.answers.push(answer);
    run.steps.push(...steps);
    run.searchingAfter.push(searching(state));
  }
}

/** The steps of one path, in order. */
export function stepsOfPath({ steps }: SimulatedSearch, path: number): Step[] {
  return steps.filter((step) => step.path === path);
}

export const cosineOf = (cell: number, path: number) => 1 / (1 + cell) - path / 1000;

function stepsOf({ start, path, rho1, growth }: Cell, cell: number, taken: Int32Array, lossOf: LossOf): Step[] {
  return Array.from(path, (k, i) => {
    const ownStep = taken[k];
    taken[k] += 1;
    const [iteration, loss] = [start + i, Math.fround(lossOf(k, ownStep))];
    return { iteration, cell, path: k, rho1: rho1[i], growth: growth[i], loss, norm: iteration + 0.5 };
  });
}

function answerOf(steps: readonly Step[], cell: number, paths: number): CellAnswer {
  return {
    loss: Float32Array.from(steps, ({ loss }) => loss),
    norm: Float32Array.from(steps, ({ norm }) => norm),
    cosine: Float64Array.from({ length: paths }, (_, path) => cosineOf(cell, path)),
  };
}

function searching({ paths }: SearchState): Set<number> {
  return new Set(paths.flatMap(({ status }, k) => (status === 'searching' ? [k] : [])));
}
