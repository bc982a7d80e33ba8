import type { SearchAnswer } from '../executor/executor';
import { namedStream } from '../trust-tech/streams';
import {
  absorbCell,
  type Cell,
  finishSearch,
  newSearch,
  type PathState,
  planCell,
  type SearchState,
} from '../trust-tech/tier-search';
import type { Candidate, MethodContext, Trace } from './method';

export interface TierSearch {
  /** One candidate a path; those with an exit lie in the executor as points, where their local solver is to start. */
  readonly candidates: readonly Candidate[];
  /** Iterations that the search took. */
  readonly steps: number;
  readonly trace: Trace;
}

/** Search a tier's paths from `origin` (algorithm 1), and turn the paths that exited into points. */
export async function searchTier(
  context: MethodContext,
  origin: string,
  tier: number,
  steps: number,
): Promise<TierSearch> {
  const { executor, config, report } = context;
  const { paths, scale, detector } = config.dspTt;
  const names = Array.from({ length: paths }, (_, k) => `tier${tier}-${k + 1}`);
  report({ type: 'phase', phase: `search of tier ${tier}`, steps });
  for (const name of names) await executor.newPath(name, origin, `direction/${name}`, scale);
  const startLoss = await executor.probe(origin, `probe/tier${tier}`, detector.startBatches);
  const { state, cells } = await runCells(context, newSearch(searchOptions(context, steps), startLoss), names, tier);
  for (const [k, name] of names.entries()) {
    if (state.paths[k].status === 'exited') await executor.pointFromPath(name, name);
  }
  await executor.drop({ paths: names });
  const candidates = names.map((name, k) => candidateOf(name, tier, origin, state.paths[k]));
  return { candidates, steps: state.planned, trace: traceOf(tier, names, cells) };
}

function searchOptions({ config }: MethodContext, steps: number) {
  const { dspTt, localSolver } = config;
  return { ...dspTt, steps, rho2: dspTt.rho2TimesLr * localSolver.lr };
}

interface Answered {
  readonly cell: Cell;
  readonly answer: SearchAnswer;
}

/** Keeps `lag` cells beyond the one that is judged on their way, so that the executor never waits for a decision. */
async function runCells(
  { executor, config, report }: MethodContext,
  start: SearchState,
  names: readonly string[],
  tier: number,
) {
  const draw = namedStream(config.seed, `pick/tier${tier}`);
  const flying: { cell: Cell; answer: Promise<SearchAnswer> }[] = [];
  const cells: Answered[] = [];
  let state = start;
  for (;;) {
    while (flying.length <= config.dspTt.lag) {
      const planned = planCell(state, draw);
      if (planned === null) break;
      state = planned.state;
      const program = { ...planned.cell, paths: names, stream: `data/tier${tier}-search` };
      const answer = executor.search(program);
      answer.catch(() => {}); // should an earlier cell fail, this one's failure has nobody left to tell
      flying.push({ cell: planned.cell, answer });
    }
    const next = flying.shift();
    if (next === undefined) return { state: finishSearch(state), cells };
    const answer = await next.answer;
    state = absorbCell(state, next.cell, answer);
    cells.push({ cell: next.cell, answer });
    report(progressOf(state, next.cell, names));
  }
}

function progressOf(state: SearchState, cell: Cell, names: readonly string[]) {
  const last = cell.path.length - 1;
  const paths = state.paths.map(({ status, detector }, k) => ({
    path: names[k],
    status: status === 'searching' ? detector.phase : status,
    loss: detector.start + detector.rise,
  }));
  return { type: 'search' as const, iteration: cell.start + last + 1, rho1: cell.rho1[last], paths };
}

function candidateOf(name: string, tier: number, parent: string, path: PathState): Candidate {
  const { status, divergedAt } = path;
  if (status === 'exited') return { name, tier, parent, state: 'trained', exit: path.exit, divergedAt: null };
  return { name, tier, parent, state: status === 'diverged' ? 'diverged' : 'exhausted', exit: null, divergedAt };
}

function traceOf(tier: number, names: readonly string[], cells: readonly Answered[]): Trace {
  const column = <T>(pick: (answered: Answered) => ArrayLike<T>): T[] =>
    cells.flatMap((cell) => Array.from(pick(cell)));
  return {
    name: `search-tier${tier}`,
    columns: {
      iteration: column(({ cell }) => Array.from(cell.path, (_, i) => cell.start + i)),
      path: column(({ cell }) => Array.from(cell.path, (k) => names[k])),
      rho1: column(({ cell }) => cell.rho1),
      loss: column(({ answer }) => answer.loss),
      norm: column(({ answer }) => answer.norm),
    },
  };
}
