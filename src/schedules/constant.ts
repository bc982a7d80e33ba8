/** The same rate at every step. */
export function constant(lr: number, steps: number): Float64Array {
  return new Float64Array(steps).fill(lr);
}
