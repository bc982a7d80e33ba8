import type { ValidationPoint } from '../executor/executor';

/** Weight of the past in the drawn moving average of the batch losses of a training. */
export const TRAINING_DECAY = 0.9;

/** Recorded search of a tier: one entry an iteration, and the steps at which paths exited. */
export interface LossCurves {
  /** Path that moved at each iteration, and its round. */
  readonly path: readonly string[];
  readonly round: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
  readonly rho1: ArrayLike<number>;
  readonly exits: readonly { readonly path: string; readonly step: number }[];
  /** Weight of the past in the detector's moving average, which is drawn beside the batch losses. */
  readonly decay: number;
}

/** A tier's search so far: one entry an iteration. */
export interface SearchCurve extends LossCurves {
  readonly tier: number;
  /** Length of the displacement. */
  readonly norm: ArrayLike<number>;
}

/** A network's training so far: one entry a step. */
export interface DescentCurve {
  readonly network: string;
  readonly step: ArrayLike<number>;
  readonly lr: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
  readonly validation: readonly ValidationPoint[];
}

/** Curves of a run's steps, by phase. */
export interface Curves {
  readonly searches: readonly SearchCurve[];
  readonly descents: readonly DescentCurve[];
  /** Reason why there are no curves; null if there are. */
  readonly note: string | null;
}
