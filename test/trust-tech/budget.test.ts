import fc from 'fast-check';
import { ConfigError } from '../../src/errors';
import { divideBudget, equalParts, type TierBudget } from '../../src/trust-tech/budget';

type Options = Parameters<typeof divideBudget>[1];

const options: Options = {
  tierShare: 0.25,
  searchShare: 0.3,
  paths: 5,
  rho1: { start: 0.02, increment: 0.05, max: 1, clock: 'iteration' },
};

const optionsArbitrary = fc.record({
  tierShare: fc.constantFrom(0.1, 0.25, 0.5, 0.6, 0.9),
  searchShare: fc.constantFrom(0.1, 0.3, 0.5, 0.8),
  paths: fc.integer({ min: 1, max: 20 }),
  rho1: fc.record({
    start: fc.constantFrom(0.01, 0.02, 0.1),
    increment: fc.constantFrom(1e-4, 0.001, 0.005, 0.05, 2),
    max: fc.constantFrom(0.5, 1, 2),
    clock: fc.constantFrom('iteration' as const, 'path' as const),
  }),
});

function divided(steps: number, given: Options): TierBudget | ConfigError {
  try {
    return divideBudget(steps, given);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const namedIncrement = (error: ConfigError) => Number(/an increment of (\S+) fits/.exec(error.message)?.[1]);

describe('divideBudget', () => {
  it('gives tier 0 what the tier leaves, and the search its share of the tier', () => {
    expect(divideBudget(1000, options)).toEqual({ tier0: 750, tier: 250, search: 75 });
  });

  it('rounds shares down to whole steps', () => {
    expect(divideBudget(1003, options)).toEqual({ tier0: 753, tier: 250, search: 75 });
  });

  it('makes parts that add up to the budget', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), optionsArbitrary, (steps, given) => {
        const budget = divided(steps, given);
        if (budget instanceof ConfigError) return;
        expect(budget.tier0 + budget.tier).toBe(steps);
        expect(budget.tier - budget.search).toBeGreaterThanOrEqual(given.paths);
        expect(Math.min(budget.tier0, budget.search)).toBeGreaterThan(0);
      }),
    );
  });

  it('refuses an increment with which rho1 would not reach its maximum in half of the search', () => {
    const slow = { ...options, rho1: { ...options.rho1, increment: 0.001 } };
    expect(() => divideBudget(1000, slow)).toThrow(ConfigError);
    expect(() => divideBudget(1000, slow)).toThrow(
      'dspTt.rho1.increment 0.001 is too small: rho1 would reach its maximum 1 after 980 steps, but half of the search',
    );
  });

  it('accepts an increment that just fits', () => {
    const pace = { start: 0, increment: 2 ** -6, max: 1, clock: 'iteration' as const };
    const given = { ...options, tierShare: 0.5, searchShare: 0.5, rho1: pace };
    expect(divideBudget(512, given).search).toBe(128);
    expect(() => divideBudget(508, given)).toThrow(ConfigError);
  });

  it('names a fitting increment, which then works', () => {
    let named = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), optionsArbitrary, (steps, given) => {
        const error = divided(steps, given);
        if (!(error instanceof ConfigError) || !error.message.includes('increment')) return;
        named += 1;
        const rho1 = { ...given.rho1, increment: namedIncrement(error) };
        expect(divided(steps, { ...given, rho1 })).not.toBeInstanceOf(ConfigError);
      }),
      { numRuns: 1000 },
    );
    expect(named).toBeGreaterThan(100);
  });

  it('names a fitting increment where the exact one has two digits', () => {
    const given = {
      ...options,
      paths: 1,
      tierShare: 0.5,
      searchShare: 0.5,
      rho1: { ...options.rho1, increment: 1e-5 },
    };
    const error = divided(2800, given);
    expect(error).toBeInstanceOf(ConfigError);
    const increment = error instanceof ConfigError ? namedIncrement(error) : Number.NaN;
    expect(divided(2800, { ...given, rho1: { ...given.rho1, increment } })).toEqual({
      tier0: 1400,
      tier: 1400,
      search: 700,
    });
  });

  it.each([1, 4, 10, 20, 24])('refuses a budget of %i steps, saying what each part would get', (steps) => {
    expect(() => divideBudget(steps, options)).toThrow(ConfigError);
    expect(() => divideBudget(steps, options)).toThrow(`budget of ${steps} steps is too small: tier 1 gets`);
  });

  it('refuses a tier with fewer steps after the search than paths, and takes as many', () => {
    const given = { ...options, tierShare: 0.5, searchShare: 0.5, paths: 10, rho1: { ...options.rho1, increment: 2 } };
    expect(divided(40, given)).toEqual({ tier0: 20, tier: 20, search: 10 });
    expect(divided(36, given)).toBeInstanceOf(ConfigError);
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
        expect(sizes.reduce((sum, size) => sum + size)).toBe(steps);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
