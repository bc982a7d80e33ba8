import { ConfigError } from '../errors';
import { fittingIncrement, type Pace, stepsToMax } from './pace';

/** How a run's steps are divided: tier 0 gets what its tier of paths leaves, the search a share of the tier. */
export interface TierBudget {
  /** Steps of tier 0. */
  readonly tier0: number;
  /** Steps of the tier: its search and the descents of its members. */
  readonly tier: number;
  /** Steps that the search may take at most. */
  readonly search: number;
}

/**
 * Divide a budget of gradient evaluations (section 5: 50 of 200 epochs for a tier, exit points and all).
 * @throws ConfigError when a part would have no step, or rho1 cannot reach its maximum within half of the search's share.
 */
export function divideBudget(
  steps: number,
  options: { readonly tierShare: number; readonly searchShare: number; readonly paths: number; readonly rho1: Pace },
): TierBudget {
  const tier = Math.floor(steps * options.tierShare);
  const search = Math.floor(tier * options.searchShare);
  const budget = { tier0: steps - tier, tier, search };
  if (search < 2 || tier - search < options.paths) {
    throw new ConfigError(
      `budget of ${steps} steps is too small: tier 1 gets ${tier} of them (dspTt.tierShare ${options.tierShare}), its search ` +
        `${search} (dspTt.searchShare ${options.searchShare}), which leaves less than a step for each of ${options.paths} paths`,
    );
  }
  const needed = stepsToMax(options.rho1, options.paths);
  const half = Math.floor(search / 2);
  if (needed > half) {
    const fitting = fittingIncrement(options.rho1, options.paths, half);
    throw new ConfigError(
      `dspTt.rho1.increment ${options.rho1.increment} is too small: rho1 would reach its maximum ${options.rho1.max} after ` +
        `${needed} steps, but half of the search's share is ${half} steps; an increment of ${fitting} fits`,
    );
  }
  return budget;
}

/** Split steps into so many parts, equal but for the remainder, which goes to the first ones. */
export function equalParts(steps: number, parts: number): number[] {
  const [base, rest] = [Math.floor(steps / parts), steps % parts];
  return Array.from({ length: parts }, (_, index) => base + (index < rest ? 1 : 0));
}
