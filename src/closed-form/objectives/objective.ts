/** A closed-form function of a few variables to be minimised, in 64 bits. Its gradient is continuous. */
export interface Objective {
  readonly name: string;
  readonly dims: number;
  /**
   * Region in which its minima are searched; lengths in units of the box are lengths divided by its width, axis by
   * axis.
   */
  readonly box: Box;
  value(x: Point): number;
  gradient(x: Point): Float64Array;
  /** Second derivatives, row by row. */
  hessian(x: Point): number[][];
  /**
   * The objective as a sum of squares, which the metrics of Gauss-Newton and Levenberg-Marquardt need; null if it is
   * none.
   */
  readonly leastSquares: LeastSquares | null;
  readonly minima: KnownMinima;
}

export type Point = ArrayLike<number>;

export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** Residuals r with value = sum of their squares, and their Jacobian, one row a residual. */
export interface LeastSquares {
  residuals(x: Point): number[];
  jacobian(x: Point): number[][];
}

/** Local minima known beforehand, for tests and tables. */
export interface KnownMinima {
  readonly points: readonly (readonly number[])[];
  /** True if the function has no other minima anywhere. */
  readonly complete: boolean;
}

/** Returns the box [from, to] on every axis. */
export function cube(dims: number, from: number, to: number): Box {
  return { lower: new Array(dims).fill(from), upper: new Array(dims).fill(to) };
}

/**
 * Returns every point whose coordinates are all among the given ones: the minima of a sum of functions of one
 * coordinate each.
 */
export function lattice(dims: number, coordinates: readonly number[]): number[][] {
  let points: number[][] = [[]];
  for (let axis = 0; axis < dims; axis += 1) points = points.flatMap((p) => coordinates.map((c) => [...p, c]));
  return points;
}

/**
 * Applies a function to each coordinate. A loop: `Float64Array.from` with a function is an order of magnitude slower.
 */
export function eachCoordinate(x: Point, of: (xi: number) => number): Float64Array {
  const values = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 1) values[i] = of(x[i]);
  return values;
}

/** Returns the sum of a function of each coordinate. */
export function sumOver(x: Point, of: (xi: number) => number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += of(x[i]);
  return sum;
}

/** Returns a diagonal matrix. */
export function diagonal(entries: Point): number[][] {
  const rows = Array.from(entries);
  return rows.map((entry, i) => rows.map((_, j) => (i === j ? entry : 0)));
}

/** Returns the gradient of a sum of squares: 2 J^T r. */
export function gradientOfSquares({ residuals, jacobian }: LeastSquares, x: Point): Float64Array {
  const r = residuals(x);
  const gradient = new Float64Array(x.length);
  for (const [k, row] of jacobian(x).entries()) for (const [i, entry] of row.entries()) gradient[i] += 2 * entry * r[k];
  return gradient;
}

export function sumOfSquares(residuals: readonly number[]): number {
  return residuals.reduce((sum, r) => sum + r * r, 0);
}
