import type { LinePoint } from '../live-view';

/** Averages a line's points, each with those before it. @param weight of the past, 0 for the line itself; a gap begins anew */
export function smoothed(points: readonly LinePoint[], weight: number): readonly LinePoint[] {
  let past: number | null = null;
  return points.map(([x, y]) => {
    past = y === null || past === null ? y : weight * past + (1 - weight) * y;
    return [x, past];
  });
}
