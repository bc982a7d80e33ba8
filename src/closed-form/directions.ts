/**
 * Kinds of directions of a LOS's search paths: `random`: drawn at random; `coordinate`, `hessian`: both ways along
 * every axis, or along every eigenvector of the Hessian (as in the original method); `dynamic`: drawn at random and
 * calibrated by the gradient at every step.
 */
export const DIRECTIONS = ['random', 'coordinate', 'hessian', 'dynamic'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Returns both directions along each line. */
export function bothWays(lines: readonly Float64Array[]): Float64Array[] {
  return lines.flatMap((v) => [v, v.map((entry) => -entry)]);
}

/** Returns the axes of `dims` dimensions. */
export function axes(dims: number): Float64Array[] {
  return Array.from({ length: dims }, (_, axis) => new Float64Array(dims).fill(1, axis, axis + 1));
}
