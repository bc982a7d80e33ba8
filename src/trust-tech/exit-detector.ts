import { averaged } from './moving-average';

/**
 * Detection of the step at which a search path left its stability region. The paper (section 3.2.1) follows an
 * exponential moving average of the path's batch losses, with buffers between *up* and *down*. Here that is a pure
 * reducer over one path's losses:
 *
 *     climbing --(rose by minRise, then `buffer` steps without a new maximum)--> descending
 *     descending --(a new maximum)--> climbing
 *     descending --(fell by `drop` of its rise; at once where it already has)--> exited
 *     any --(a loss that is not finite)--> diverged
 *
 * The exit point is the step of the maximum. Only differences of losses count: a constant added to the start and to all
 * losses changes no state.
 */
export interface DetectorOptions {
  /** Weight of the past in the moving average, 0 (none) to below 1. */
  readonly decay: number;
  /** Rise above the start that counts as climbing, in units of the loss (cross-entropy: nats). */
  readonly minRise: number;
  /** Steps without a new maximum after which the path counts as descending. */
  readonly buffer: number;
  /** Fraction of the rise that must be lost again for an exit, above 0 and up to 1. */
  readonly drop: number;
  /** The average begins at the start's loss, so that the scatter of the first losses is no rise. Default: at the first. */
  readonly isSeeded?: boolean;
}

export interface DetectorState {
  readonly phase: 'climbing' | 'descending' | 'exited' | 'diverged';
  /** The origin's mean training loss. */
  readonly start: number;
  /** Number of losses seen so far. */
  readonly steps: number;
  /** The moving average of (loss - start), bias-corrected unless it is seeded. */
  readonly rise: number;
  /** The largest rise, and the path's step (from 0) at which it occurred. */
  readonly peak: { readonly rise: number; readonly step: number };
  readonly uncorrected: number;
}

/** Returns the state of a path that has not moved yet; `start` is its origin's mean training loss. */
export function newDetector(start: number): DetectorState {
  const peak = { rise: Number.NEGATIVE_INFINITY, step: -1 };
  return { phase: 'climbing', start, steps: 0, rise: 0, peak, uncorrected: 0 };
}

/** Returns the state after one more batch loss of the path. `exited` and `diverged` are final. */
export function observe(state: DetectorState, loss: number, options: DetectorOptions): DetectorState {
  if (state.phase === 'exited' || state.phase === 'diverged') return state;
  if (!Number.isFinite(loss)) return { ...state, steps: state.steps + 1, phase: 'diverged' };
  const { steps, uncorrected, value } = averaged(state, loss - state.start, options.decay);
  const rise = options.isSeeded ? uncorrected : value;
  const peak = rise > state.peak.rise ? { rise, step: state.steps } : state.peak;
  const next = { ...state, steps, uncorrected, rise, peak };
  return { ...next, phase: phaseOf(next, options) };
}

function phaseOf({ rise, peak, steps }: DetectorState, options: DetectorOptions): DetectorState['phase'] {
  const sincePeak = steps - 1 - peak.step;
  if (peak.rise <= options.minRise || sincePeak < options.buffer) return 'climbing';
  return rise <= peak.rise * (1 - options.drop) ? 'exited' : 'descending';
}
