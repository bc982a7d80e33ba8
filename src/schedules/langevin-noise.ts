/** What a posterior is sampled with: SGD's momentum, the temperature, and how many training samples it is of. */
export interface Langevin {
  readonly momentum: number;
  readonly temperature: number;
  readonly samples: number;
}

/**
 * Standard deviation of the noise to be added to a step's gradient of the *mean* loss, for each step's rate, so that SGD
 * samples exp(-samples * mean loss / temperature) (Zhang et al. 2020; Chen et al. 2014 with momentum): with friction
 * alpha = 1 - momentum it is sqrt(2 alpha T / (N lr)), which moves the weights by sqrt(2 alpha T lr / N) a step.
 */
export function langevinNoise(lr: Float64Array, { momentum, temperature, samples }: Langevin): Float64Array {
  return lr.map((rate) => Math.sqrt((2 * (1 - momentum) * temperature) / (samples * rate)));
}
