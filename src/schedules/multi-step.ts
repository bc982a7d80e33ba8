/** Huang et al. (2017b), for DenseNet: divided by ten at half and again at three quarters of the training. */
export function multiStep(lr: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    if (step < steps * 0.5) return lr;
    return step < steps * 0.75 ? lr / 10 : lr / 100;
  });
}
