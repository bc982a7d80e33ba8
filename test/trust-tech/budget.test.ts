import fc from 'fast-check';
import { ConfigError } from '../../src/errors';
import { equalParts, type Plan, type PlanOptions, planBudget } from '../../src/trust-tech/budget';

const options: PlanOptions = {
  tiers: [5],
  tierShare: 0.25,
  searchShare: 0.3,
  fullTrain: false,
  rho1: { start: 0.02, increment: 0.05, max: 1, clock: 'iteration' },
};

const optionsArbitrary = fc.record({
  tiers: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
  tierShare: fc.constantFrom(0.1, 0.25, 0.5, 0.6, 0.9),
  searchShare: fc.constantFrom(0.1, 0.3, 0.5, 0.8),
  fullTrain: fc.boolean(),
  rho1: fc.record({
    start: fc.constantFrom(0.01, 0.02, 0.1),
    increment: fc.constantFrom(1e-4, 0.001, 0.005, 0.05, 2),
    max: fc.constantFrom(0.5, 1, 2),
    clock: fc.constantFrom('iteration' as const, 'path' as const),
  }),
});

function planned(steps: number, given: PlanOptions): Plan | ConfigError {
  try {
    return planBudget(steps, given);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const namedIncrement = (error: ConfigError) => Number(/an increment of (\S+) fits/.exec(error.message)?.[1]);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('planBudget', () => {
  it('gives tier 0 what the tier leaves, and the search its share of the tier', () => {
    expect(planBudget(1000, options)).toEqual({
      tier0: 750,
      tiers: [{ paths: 5, steps: 250, search: 75, perMember: null }],
    });
  });

  it('gives several tiers equal parts of their share, the remainder to the first', () => {
    const fast = { ...options, rho1: { ...options.rho1, increment: 0.2 } };
    expect(planBudget(1003, { ...fast, tiers: [5, 3, 1] })).toEqual({
      tier0: 753,
      tiers: [
        { paths: 5, steps: 84, search: 25, perMember: null },
        { paths: 3, steps: 83, search: 24, perMember: null },
        { paths: 1, steps: 83, search: 24, perMember: null },
      ],
    });
  });

  it('rounds shares down to whole steps', () => {
    expect(planBudget(1003, options)).toEqual({
      tier0: 753,
      tiers: [{ paths: 5, steps: 250, search: 75, perMember: null }],
    });
  });

  it('gives each network a whole budget where all are to be trained in full, searches included and no longer', () => {
    const fast = { ...options, rho1: { ...options.rho1, increment: 0.2 } };
    expect(planBudget(1000, { ...fast, tiers: [3, 2], fullTrain: true })).toEqual({
      tier0: 1000,
      tiers: [
        { paths: 3, steps: 3000, search: 37, perMember: 1000 },
        { paths: 2, steps: 2000, search: 37, perMember: 1000 },
      ],
    });
  });

  it('makes parts that add up to the budget, in full training to one a network', () => {
    let plans = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), optionsArbitrary, (steps, given) => {
        const plan = planned(steps, given);
        if (plan instanceof ConfigError) return;
        plans += 1;
        const total = given.fullTrain ? steps * (1 + sum(given.tiers)) : steps;
        expect(plan.tier0 + sum(plan.tiers.map((tier) => tier.steps))).toBe(total);
        expect(plan.tier0).toBeGreaterThan(0);
        expect(plan.tiers.map(({ paths }) => paths)).toEqual(given.tiers);
        for (const tier of plan.tiers) {
          expect(tier.search).toBeGreaterThan(0);
          expect(tier.steps - tier.search).toBeGreaterThanOrEqual(tier.paths);
        }
      }),
    );
    expect(plans).toBeGreaterThan(20);
  });

  it('searches as long where all are trained in full as where they share a budget', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 1_000_000 }), optionsArbitrary, (steps, given) => {
        const [shared, full] = [false, true].map((fullTrain) => planned(steps, { ...given, fullTrain }));
        if (shared instanceof ConfigError || full instanceof ConfigError) return;
        expect(full.tiers.map(({ search }) => search)).toEqual(shared.tiers.map(({ search }) => search));
      }),
    );
  });

  it('refuses an increment with which rho1 would not reach its maximum in half of the search', () => {
    const slow = { ...options, rho1: { ...options.rho1, increment: 0.001 } };
    expect(() => planBudget(1000, slow)).toThrow(ConfigError);
    expect(() => planBudget(1000, slow)).toThrow(
      'dspTt.rho1.increment 0.001 is too small: rho1 would reach its maximum 1 after 980 steps, but half of the share of ' +
        "tier 1's search is 37 steps",
    );
  });

  it('names the tier whose search is too short for its paths', () => {
    const given = { ...options, tiers: [2, 20], rho1: { ...options.rho1, increment: 0.05 } };
    expect(() => planBudget(1000, given)).toThrow("but half of the share of tier 2's search is 18 steps");
    expect(() => planBudget(60, { ...given, tiers: [1, 12], rho1: { ...options.rho1, increment: 2 } })).toThrow(
      'budget of 60 steps is too small: tier 2 gets 7 of them',
    );
  });

  it('accepts an increment that just fits', () => {
    const pace = { start: 0, increment: 2 ** -6, max: 1, clock: 'iteration' as const };
    const given = { ...options, tierShare: 0.5, searchShare: 0.5, rho1: pace };
    expect(planBudget(512, given).tiers[0].search).toBe(128);
    expect(() => planBudget(508, given)).toThrow(ConfigError);
  });

  it('names a fitting increment, which then works for all tiers', () => {
    let named = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), optionsArbitrary, (steps, given) => {
        const error = planned(steps, given);
        if (!(error instanceof ConfigError) || !error.message.includes('increment')) return;
        named += 1;
        const rho1 = { ...given.rho1, increment: namedIncrement(error) };
        expect(planned(steps, { ...given, rho1 })).not.toBeInstanceOf(ConfigError);
      }),
      { numRuns: 1000 },
    );
    expect(named).toBeGreaterThan(100);
  });

  it('names a fitting increment where the exact one has two digits', () => {
    const rho1 = { ...options.rho1, increment: 1e-5 };
    const given = { ...options, tiers: [1], tierShare: 0.5, searchShare: 0.5, rho1 };
    const error = planned(2800, given);
    expect(error).toBeInstanceOf(ConfigError);
    const increment = error instanceof ConfigError ? namedIncrement(error) : Number.NaN;
    expect(planned(2800, { ...given, rho1: { ...given.rho1, increment } })).toEqual({
      tier0: 1400,
      tiers: [{ paths: 1, steps: 1400, search: 700, perMember: null }],
    });
  });

  it.each([1, 4, 10, 20, 24])('refuses a budget of %i steps, saying what each part would get', (steps) => {
    expect(() => planBudget(steps, options)).toThrow(ConfigError);
    expect(() => planBudget(steps, options)).toThrow(`budget of ${steps} steps is too small: tier 1 gets`);
  });

  it('refuses a tier with fewer steps after the search than paths, and takes as many', () => {
    const rho1 = { ...options.rho1, increment: 2 };
    const given = { ...options, tiers: [10], tierShare: 0.5, searchShare: 0.5, rho1 };
    expect(planned(40, given)).toEqual({ tier0: 20, tiers: [{ paths: 10, steps: 20, search: 10, perMember: null }] });
    expect(planned(36, given)).toBeInstanceOf(ConfigError);
  });
});

describe('equalParts', () => {
  it('gives the remainder to the first parts', () => {
    expect(equalParts(11, 4)).toEqual([3, 3, 3, 2]);
    expect(equalParts(2, 3)).toEqual([1, 1, 0]);
    expect(equalParts(7, 0)).toEqual([]);
  });

  it('makes so many parts that add up and differ by at most one', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 1000 }), (steps, parts) => {
        const sizes = equalParts(steps, parts);
        expect(sizes).toHaveLength(parts);
        expect(sum(sizes)).toBe(steps);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
