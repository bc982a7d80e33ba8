import { ConfigError } from '../errors';
import { fittingIncrement, type Pace, stepsToMax } from './pace';

/** How a run's steps are divided: tier 0 gets what the tiers of paths leave, a search a share of its tier. */
export interface Plan {
  /** Steps of tier 0. */
  readonly tier0: number;
  readonly tiers: readonly TierPlan[];
}

export interface TierPlan {
  readonly paths: number;
  /** Steps of the tier: its search and the descents of its members. */
  readonly steps: number;
  /** Steps that the search may take at most. */
  readonly search: number;
}

export interface PlanOptions {
  /** Paths of tier 1, 2, ... */
  readonly tiers: readonly number[];
  readonly tierShare: number;
  readonly searchShare: number;
  readonly fullTrain: boolean;
  readonly rho1: Pace;
}

/**
 * Divide a budget of gradient evaluations (section 5: 50 of 200 epochs for a tier, exit points and all). With `fullTrain`
 * (table 3) tier 0 has the whole budget, and a tier as many whole budgets as it has paths, searches included.
 * @throws ConfigError when a part would have no step, or rho1 cannot reach its maximum within half of a search's share.
 */
export function planBudget(steps: number, options: PlanOptions): Plan {
  const inTiers = Math.floor(steps * options.tierShare);
  const shares = equalParts(inTiers, options.tiers.length);
  const tiers = options.tiers.map((paths, k): TierPlan => {
    const search = Math.floor(shares[k] * options.searchShare);
    return { paths, steps: options.fullTrain ? steps * paths : shares[k], search };
  });
  for (const [k, tier] of tiers.entries()) checkTier(k + 1, tier, steps, options);
  return { tier0: options.fullTrain ? steps : steps - inTiers, tiers };
}

function checkTier(number: number, { paths, steps, search }: TierPlan, budget: number, options: PlanOptions): void {
  if (search < 2 || steps - search < paths) {
    throw new ConfigError(
      `budget of ${budget} steps is too small: tier ${number} gets ${steps} of them (dspTt.tierShare ${options.tierShare}), ` +
        `its search ${search} (dspTt.searchShare ${options.searchShare}), which leaves less than a step for each of ${paths} paths`,
    );
  }
  const needed = stepsToMax(options.rho1, paths);
  const half = Math.floor(search / 2);
  if (needed <= half) return;
  const fitting = fittingIncrement(options.rho1, paths, half);
  throw new ConfigError(
    `dspTt.rho1.increment ${options.rho1.increment} is too small: rho1 would reach its maximum ${options.rho1.max} after ` +
      `${needed} steps, but half of the share of tier ${number}'s search is ${half} steps; an increment of ${fitting} fits`,
  );
}

/** Split steps into so many parts, equal but for the remainder, which goes to the first ones. */
export function equalParts(steps: number, parts: number): number[] {
  const [base, rest] = [Math.floor(steps / parts), steps % parts];
  return Array.from({ length: parts }, (_, index) => base + (index < rest ? 1 : 0));
}
