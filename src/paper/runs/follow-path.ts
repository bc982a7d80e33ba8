import {
  absorbCell,
  type Cell,
  newSearch,
  type PathState,
  planCell,
  type SearchOptions,
} from '../../trust-tech/path-states';
import type { SearchAnswer, SearchSpace, Solver } from '../../trust-tech/space';

/** Search path that is measured after every cell. */
export interface FollowedPath {
  readonly space: SearchSpace;
  /** Name of the path, which exists in the space already. */
  readonly path: string;
  readonly options: Omit<SearchOptions, 'paths' | 'lag' | 'verify' | 'retries' | 'roundShare'>;
  readonly solver: Solver;
  /** Name of the stream of mini-batches. */
  readonly stream: string;
  /** Mean training loss of the origin. */
  readonly startLoss: number;
  /** True if the parameters of every step are to be captured. */
  readonly capture?: boolean;
  /** Number of iterations after the exit is known, in which rho1 is held and calibration continues. */
  readonly after: number;
  /** Called after each cell, when the path stands at its end. */
  readonly onCell: (cell: Cell, answer: SearchAnswer) => Promise<void>;
}

/** Searches one path, one cell at a time, and continues from its exit without further growth. */
export async function followPath(followed: FollowedPath): Promise<PathState> {
  const { space, path, solver, stream, onCell, options } = followed;
  const run = async (cell: Cell) => {
    const capture = followed.capture ? [...cell.path.keys()] : [];
    const answer = await space.search({ ...cell, paths: [path], stream, solver, capture });
    await onCell(cell, answer);
    return answer;
  };
  const alone = { paths: 1, lag: 0, verify: null, retries: 0, roundShare: 1 };
  let state = newSearch({ ...options, ...alone }, followed.startLoss);
  for (;;) {
    const planned = planCell(state, () => 0);
    if (planned === null) break;
    state = absorbCell(planned.state, planned.cell, await run(planned.cell));
  }
  const [found] = state.paths;
  if (found.status !== 'exited') return found;
  for (let done = 0; done < followed.after; done += options.decideEvery) {
    const steps = Math.min(options.decideEvery, followed.after - done);
    await run(heldCell(state.planned + done, steps, found.rho1, options.rho2[state.planned - 1]));
  }
  return found;
}

function heldCell(start: number, steps: number, rho1: number, rho2: number): Cell {
  const held = (value: number) => new Float64Array(steps).fill(value);
  return { start, path: new Int32Array(steps), rho1: held(rho1), growth: held(1), rho2: held(rho2) };
}
