/** An exponential moving average of the values so far, with the bias of its start at 0 corrected. */
export interface MovingAverage {
  /** Number of values so far. */
  readonly steps: number;
  /** The average before the bias correction. */
  readonly uncorrected: number;
  readonly value: number;
}

/** The average of no values. */
export const NO_VALUES: MovingAverage = { steps: 0, uncorrected: 0, value: 0 };

/** Returns the average with one more value. `decay` is the weight of the past, from 0 (none) to below 1. */
export function averaged(
  past: Pick<MovingAverage, 'steps' | 'uncorrected'>,
  value: number,
  decay: number,
): MovingAverage {
  const steps = past.steps + 1;
  const uncorrected = decay * past.uncorrected + (1 - decay) * value;
  return { steps, uncorrected, value: uncorrected / (1 - decay ** steps) };
}
