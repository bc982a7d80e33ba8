import { ConfigError } from '../errors';
import { AUTO, fitShares, type SearchChoice, type ShareChoice } from './auto';
import { fittingIncrement, type Pace, stepsToMax } from './pace';

/** Division of a run's steps: tier 0 gets the rest after the tiers of paths, a search gets a share of its tier. */
export interface Plan {
  /** Steps of tier 0. */
  readonly tier0: number;
  readonly tiers: readonly TierPlan[];
}

export interface TierPlan {
  readonly paths: number;
  /** Steps of the tier: its search and the descents of its members. */
  readonly steps: number;
  /** Maximum number of steps of the search. */
  readonly search: number;
  /** Maximum number of steps of one member's descent: a whole budget with `fullTrain`, else no limit (null). */
  readonly perMember: number | null;
}

export interface PlanOptions extends ShareChoice {
  readonly fullTrain: boolean;
  readonly rho1: SearchChoice['rho1'];
}

/**
 * Divides a budget of gradient evaluations (section 5: 50 of 200 epochs for a tier, including its exit points). With
 * `fullTrain` (table 3) tier 0 has the whole budget, and a tier as many whole budgets as it has paths, searches
 * included.
 * @throws ConfigError if a part would have no step, or if rho1 cannot reach its maximum within half of a search's share
 */
export function planBudget(steps: number, choice: PlanOptions, isTier0Given = false): Plan {
  const options = { ...choice, ...fitShares(choice, steps, isTier0Given) };
  const inTiers = Math.floor(steps * options.tierShare);
  const shares = equalParts(inTiers, options.tiers.length);
  const tiers = options.tiers.map((paths, k): TierPlan => {
    const search = Math.floor(shares[k] * options.searchShare);
    if (options.fullTrain) return { paths, steps: steps * paths, search, perMember: steps };
    return { paths, steps: shares[k], search, perMember: null };
  });
  for (const [k, tier] of tiers.entries()) checkSize(k + 1, tier, steps, options);
  const { increment, ...rho1 } = options.rho1;
  if (increment !== AUTO) checkPace(tiers, { ...rho1, increment });
  return { tier0: options.fullTrain ? steps : steps - inTiers, tiers };
}

function checkSize(
  number: number,
  { paths, steps, search }: TierPlan,
  budget: number,
  options: Pick<PlanOptions, 'tierShare' | 'searchShare'>,
): void {
  if (search >= 2 && steps - search >= paths) return;
  throw new ConfigError(
    `budget of ${budget} steps is too small: tier ${number} gets ${steps} of them (dspTt.tierShare ${options.tierShare}), ` +
      `its search ${search} (dspTt.searchShare ${options.searchShare}), which leaves less than a step for each of ${paths} paths`,
  );
}

/** Checks that rho1 reaches its maximum within half of each search: the other half is for the way down. */
function checkPace(tiers: readonly TierPlan[], rho1: Pace): void {
  const half = ({ search }: TierPlan) => Math.floor(search / 2);
  const slow = tiers.findIndex((tier) => stepsToMax(rho1, tier.paths) > half(tier));
  if (slow < 0) return;
  const fitting = Math.max(...tiers.map((tier) => fittingIncrement(rho1, tier.paths, half(tier))));
  throw new ConfigError(
    `dspTt.rho1.increment ${rho1.increment} is too small: rho1 would reach its maximum ${rho1.max} after ` +
      `${stepsToMax(rho1, tiers[slow].paths)} steps, but half of the share of tier ${slow + 1}'s search is ` +
      `${half(tiers[slow])} steps; an increment of ${fitting} fits`,
  );
}

/** Splits steps into `parts` equal parts; the remainder goes to the first ones. */
export function equalParts(steps: number, parts: number): number[] {
  const [base, rest] = [Math.floor(steps / parts), steps % parts];
  return Array.from({ length: parts }, (_, index) => base + (index < rest ? 1 : 0));
}
