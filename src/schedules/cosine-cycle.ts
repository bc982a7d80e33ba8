/** One cycle of a snapshot ensemble (Huang et al. 2017a, equation 2): half a cosine from `lr` to 0. */
export function cosineCycle(lr: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => (lr / 2) * (Math.cos((Math.PI * step) / steps) + 1));
}
