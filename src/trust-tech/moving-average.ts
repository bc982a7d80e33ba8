/** An exponential moving average of the values so far, corrected for its beginning at 0. */
export interface MovingAverage {
  /** Values so far. */
  readonly steps: number;
  /** The average before the correction. */
  readonly uncorrected: number;
  readonly value: number;
}

/** The average of no values. */
export const NO_VALUES: MovingAverage = { steps: 0, uncorrected: 0, value: 0 };

/** The average with one more value. `decay` is the weight of the past, 0 (none) to below 1. */
export function averaged(
  past: Pick<MovingAverage, 'steps' | 'uncorrected'>,
  value: number,
  decay: number,
): MovingAverage {
  const steps = past.steps + 1;
  const uncorrected = decay * past.uncorrected + (1 - decay) * value;
  return { steps, uncorrected, value: uncorrected / (1 - decay ** steps) };
}
