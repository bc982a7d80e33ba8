import { UsageError } from '../errors';

/** Plane in a space of many dimensions: two orthogonal unit directions from an origin. */
export interface Plane {
  readonly origin: ArrayLike<number>;
  readonly axes: readonly [Float64Array, Float64Array];
}

/**
 * Returns the plane through `origin`, `first` and `second`: three points, or an origin and two random directions added
 * to it.
 * @throws UsageError when the three lie on one line
 */
export function planeThrough(origin: ArrayLike<number>, first: ArrayLike<number>, second: ArrayLike<number>): Plane {
  const x = unit(difference(first, origin));
  const v = difference(second, origin);
  const along = dot(v, x);
  return { origin, axes: [x, unit(v.map((value, i) => value - along * x[i]))] };
}

/** Projects a point orthogonally on a plane; returns its two coordinates there. */
export function project(point: ArrayLike<number>, { origin, axes }: Plane): readonly [number, number] {
  const from = difference(point, origin);
  return [dot(from, axes[0]), dot(from, axes[1])];
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (value, i) => value - b[i]);
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  if (!(length > 0)) throw new UsageError('three points on one line make no plane: take two random directions');
  return vector.map((value) => value / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
