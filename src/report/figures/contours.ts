import type { Data, Mark } from 'vega';
import type { Objective } from '../../closed-form/objectives/objective';

export type Place = readonly [x: number, y: number];

/** Part of a plane. */
export interface PlaneBox {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** Values on an evenly spaced grid, row by row from the lower edge: `values[row * columns + column]`. */
export interface ContourGrid {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** Points a side at which an objective is evaluated for its contours. */
const GRID = 101;
const CONTOURS = 12;

/** Evaluates an objective of two variables for its contours. */
export function gridOf({ value }: Pick<Objective, 'value'>, box: PlaneBox): ContourGrid {
  return { columns: GRID, rows: GRID, values: Float64Array.from(placesOf(box, GRID), value) };
}

/** Returns evenly spaced points, `side` a side, row by row from the lower left corner. */
export function placesOf({ lower, upper }: PlaneBox, side: number): Place[] {
  const along = (axis: 0 | 1, k: number) => lower[axis] + ((upper[axis] - lower[axis]) * k) / (side - 1);
  return Array.from({ length: side * side }, (_, k) => [along(0, k % side), along(1, Math.floor(k / side))]);
}

/** Computes contours for a square panel, as data that `contourMark` draws. */
export function contourData(grid: ContourGrid, side: number): Data {
  return {
    name: 'contours',
    values: [placed(grid, side)],
    transform: [{ type: 'isocontour', thresholds: levels(grid.values), smooth: true }],
  };
}

export function contourMark(): Mark {
  return {
    type: 'path',
    from: { data: 'contours' },
    encode: { enter: { stroke: { value: '#a9a9a9' }, strokeWidth: { value: 1 }, fill: { value: 'transparent' } } },
    transform: [{ type: 'geopath', field: 'datum.contour' }],
  };
}

/** Computes the heights of the contours: denser near the minimum, where the equilibria are. */
function levels(values: Float64Array): number[] {
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  return Array.from({ length: CONTOURS }, (_, k) => low + (high - low) * ((k + 1) / (CONTOURS + 1)) ** 3);
}

/** Places the grid on the panel: values lie at the centres of their cells, row 0 at the lower edge. */
function placed({ columns, rows, values }: ContourGrid, side: number) {
  const [across, up] = [side / (columns - 1), side / (rows - 1)];
  const place = { scale: [across, -up], translate: [-across / 2, side + up / 2] };
  return { width: columns, height: rows, values: Array.from(values), ...place };
}
