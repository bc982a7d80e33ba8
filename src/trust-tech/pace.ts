/**
 * Number of paths that the paper's increment is meant for; with more or fewer, each path would climb slower or faster.
 */
const PAPER_PATHS = 5;

/** Growth of the pace rho1 during a search (section 3.2.1). */
export interface Pace {
  /** rho1 at the first step: the length of the first displacement, in units of the direction (0.02). */
  readonly start: number;
  /** Increase of rho1 per tick of the clock (the paper: 0.001), on the scale of five paths. */
  readonly increment: number;
  /** Maximum of rho1 (1: the displacement is as long as the weights). */
  readonly max: number;
  /** `iteration`: the clock is the tier's loop counter (algorithm 1); `path`: each path counts its own steps. */
  readonly clock: 'iteration' | 'path';
}

/**
 * Returns the pace rho1 of the search (section 3.2.1), which grows linearly and is held at `max`.
 * @param ticks reading of the clock: steps of the tier, or of the path, since the round began
 * @param paths number of paths that share the clock
 */
export function rho1At(pace: Pace, ticks: number, paths: number): number {
  return Math.min(pace.max, pace.start + effectiveIncrement(pace, paths) * ticks);
}

/** Returns the number of steps of the tier until rho1 reaches its maximum, if every path is picked equally often. */
export function stepsToMax(pace: Pace, paths: number): number {
  const ticks = (pace.max - pace.start) / effectiveIncrement(pace, paths);
  return Math.ceil(pace.clock === 'iteration' ? ticks : ticks * paths);
}

/**
 * Returns the smallest increment, to two digits, with which rho1 reaches its maximum within `steps` steps of the tier.
 */
export function fittingIncrement(pace: Pace, paths: number, steps: number): number {
  const perUnit = stepsToMax({ ...pace, increment: 1e-6 }, paths) * 1e-6;
  const exact = perUnit / steps;
  const digit = 10 ** (Math.floor(Math.log10(exact)) - 1);
  const twoDigits = (digits: number) => Number((digits * digit).toPrecision(2));
  const digits = Math.ceil(exact / digit);
  const fits = stepsToMax({ ...pace, increment: twoDigits(digits) }, paths) <= steps;
  return twoDigits(fits ? digits : digits + 1); // rounding can cost the last step
}

function effectiveIncrement({ increment, clock }: Pace, paths: number): number {
  return clock === 'iteration' ? (increment * PAPER_PATHS) / paths : increment;
}
