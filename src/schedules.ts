/** Returns the same rate at every step. */
export function constant(lr: number, steps: number): Float64Array {
  return new Float64Array(steps).fill(lr);
}

/**
 * Returns the schedule of Garipov et al. (2018): the full rate for the first half, then linear down to a hundredth of
 * it at nine tenths, then constant. They change the rate once an epoch; here it changes every step.
 */
export function garipov(lr: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => lr * garipovFactor(step / steps));
}

function garipovFactor(done: number): number {
  if (done <= 0.5) return 1;
  if (done <= 0.9) return 1 - ((done - 0.5) / 0.4) * 0.99;
  return 0.01;
}

/**
 * Returns the schedule of Huang et al. (2017b) for DenseNet: divided by ten at half and again at three quarters of the
 * training.
 */
export function multiStep(lr: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    if (step < steps * 0.5) return lr;
    return step < steps * 0.75 ? lr / 10 : lr / 100;
  });
}

/** Returns one cycle of a snapshot ensemble (Huang et al. 2017a, equation 2): half a cosine from `lr` to 0. */
export function cosineCycle(lr: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => (lr / 2) * (Math.cos((Math.PI * step) / steps) + 1));
}

/** Part of a training over which `warmupCosine` rises; recipes for large batches take 2 to 10 %. */
const WARM_UP = 0.05;

/** Returns a rise in equal steps to `lr` (Goyal et al. 2017) over 5 % of the training, then half a cosine down to 0. */
export function warmupCosine(lr: number, steps: number): Float64Array {
  const rising = Math.floor(steps * WARM_UP);
  const falling = cosineCycle(lr, steps - rising);
  return Float64Array.from({ length: steps }, (_, step) =>
    step < rising ? lr * ((step + 1) / (rising + 1)) : falling[step - rising],
  );
}

/** A learning-rate schedule: returns the rate of every step of a training of `steps` steps whose highest rate is `lr`. */
export type Schedule = (lr: number, steps: number) => Float64Array;

/** Schedules that the configuration of a local solver names. To add one: a function above, and its name here. */
export const SCHEDULES = { constant, garipov, multiStep, cosine: cosineCycle, warmupCosine } as const satisfies Record<
  string,
  Schedule
>;
