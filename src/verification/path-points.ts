import { UsageError } from '../errors';
import type { RecordedSearch } from './replay-search';

/** Point of a search path at which its loss was measured. */
export interface PathPoint {
  /** Iteration of the tier's loop. */
  readonly iteration: number;
  /** Steps of the path from the exit point, negative before it. */
  readonly offset: number;
  readonly rho1: number;
  readonly loss: number;
}

/** Point of the path with its side of the exit point. */
export interface SidedPoint extends PathPoint {
  readonly side: 'before' | 'after';
}

/** Number of intervals into which the path is divided evenly. */
const GRID = 64;

/**
 * Returns candidate points of a path in the round in which it exited: evenly spread from its first step to its last,
 * with the exit point among them.
 * @param each samples wanted on each side
 * @throws UsageError when the path has fewer than `each` steps before its exit point, or after it
 */
export function pathPoints(search: RecordedSearch, name: string, exitStep: number, each: number): PathPoint[] {
  const moves = movesOf(search, name);
  const peak = moves.indexOf(exitStep);
  const after = moves.length - 1 - peak;
  if (peak < each || after < each) {
    throw new UsageError(
      `path ${name} took ${peak} steps before its exit point and ${after} after it; ${each} samples a side need as many`,
    );
  }
  const last = moves.length - 1;
  const even = Array.from({ length: GRID + 1 }, (_, k) => Math.round((last * k) / GRID));
  const ends = Array.from({ length: each }, (_, k) => peak + Math.round((after * (k + 1)) / each));
  const chosen = [...new Set([...even, peak, ...ends])].sort((a, b) => a - b);
  return chosen.map((move) => {
    const iteration = moves[move];
    return { iteration, offset: move - peak, rho1: search.rho1[iteration], loss: search.loss[iteration] };
  });
}

/** Returns the iterations at which a path moved in its last round, in order. */
function movesOf({ path, paths, round }: RecordedSearch, name: string): number[] {
  const k = paths.indexOf(name);
  const moves = [...path.keys()].filter((i) => path[i] === k);
  const last = Math.max(...moves.map((i) => round[i]));
  return moves.filter((i) => round[i] === last);
}

/** Returns `count` of the points, evenly spread, the last one among them; all of them if they are fewer. */
export function spread<T>(points: readonly T[], count: number): T[] {
  return Array.from({ length: Math.min(count, points.length) }, (_, k) => {
    const steps = Math.min(count, points.length);
    return points[Math.round(((k + 1) * points.length) / steps) - 1];
  });
}
