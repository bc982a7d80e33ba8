import type { DetectorState } from './exit-detector';

/**
 * Why a path found no exit: its loss was not finite; rho1 had not reached its maximum when the share was used up; the loss
 * never rose above the scatter of batches; or it rose and did not come down.
 */
export type Cause = 'diverged' | 'slow' | 'flat' | 'high';

/** Factors on a path's pace and maximum of rho1, and on its calibration step. */
export interface Boost {
  readonly rho1: number;
  readonly rho2: number;
}

export const NO_BOOST: Boost = { rho1: 1, rho2: 1 };

/** Each further round changes a factor by this much: a round is short, and there are few. */
const MORE = 2;

/** Part of a path's state that tells why it found no exit. */
interface Missed {
  readonly status: string;
  readonly rho1: number;
  readonly pace: { readonly max: number };
  readonly detector: DetectorState;
  readonly boost: Boost;
}

/** Returns why a path that is not known to have exited found no exit. */
export function causeOf({ status, rho1, pace, detector }: Missed, minRise: number): Cause {
  if (status === 'diverged') return 'diverged';
  if (rho1 < pace.max) return 'slow';
  return detector.peak.rise <= minRise ? 'flat' : 'high';
}

/** Returns the factors of the path that is drawn in a path's place, so that it finds what that one did not. */
export function boostAfter(path: Missed, minRise: number): Boost {
  const { rho1, rho2 } = path.boost;
  switch (causeOf(path, minRise)) {
    case 'diverged':
      return { rho1, rho2: rho2 / MORE };
    case 'flat':
      return { rho1: rho1 * MORE, rho2 };
    case 'high':
      return { rho1, rho2: rho2 * MORE };
    case 'slow':
      return path.boost;
  }
}
