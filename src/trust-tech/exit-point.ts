/** Point at which a path left its stability region: the maximum of its averaged loss. */
export interface ExitPoint {
  /** Iteration of the tier's loop, from 0. */
  readonly step: number;
  readonly rho1: number;
  /** Euclidean length of the displacement. */
  readonly distance: number;
  /** Cosine between the displacement and the first direction, at the end of the exit point's cell. */
  readonly cosine: number;
  readonly startLoss: number;
  readonly peakLoss: number;
  /** Steps that the path took after its exit was detected, by cells that were planned before. */
  readonly overrun: number;
  /** Loss barrier between origin and path that verified the exit; null if exits are not verified. */
  readonly barrier: number | null;
}

/** Returns the exit point of a path that has not moved yet. */
export function noExit(startLoss: number): ExitPoint {
  return { step: -1, rho1: 0, distance: 0, cosine: 1, startLoss, peakLoss: startLoss, overrun: 0, barrier: null };
}
