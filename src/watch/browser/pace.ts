import type { LinePoint, PathLine } from '../live-view';

/**
 * Returns the one line of rho1 that all paths follow; null if they have several: a path drawn again begins anew. Each
 * path holds some iterations of the search, so on one pace their points together never fall.
 */
export function commonPace(paths: readonly Pick<PathLine, 'rho1'>[]): LinePoint[] | null {
  const points = paths.flatMap(({ rho1 }) => rho1).sort(([a], [b]) => a - b);
  const isOne = points.every(([, y], k) => y !== null && (k === 0 || y >= (points[k - 1][1] ?? y)));
  return isOne && paths.length > 1 ? points : null;
}
