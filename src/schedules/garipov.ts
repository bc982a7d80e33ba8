/**
 * Garipov et al. (2018): the full rate for the first half, then linear down to a hundredth of it at nine tenths, then
 * constant. They change the rate once an epoch; here it changes every step.
 */
export function garipov(lr: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => lr * factor(step / steps));
}

function factor(done: number): number {
  if (done <= 0.5) return 1;
  if (done <= 0.9) return 1 - ((done - 0.5) / 0.4) * 0.99;
  return 0.01;
}
