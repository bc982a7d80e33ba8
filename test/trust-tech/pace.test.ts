import fc from 'fast-check';
import { fittingIncrement, type Pace, rho1At, stepsToMax } from '../../src/trust-tech/pace';

const paper: Pace = { start: 0.02, increment: 0.001, max: 1, clock: 'iteration' };

const clocks = fc.constantFrom('iteration' as const, 'path' as const);
const paths = fc.integer({ min: 1, max: 100 });
const paces = fc
  .record({
    start: fc.double({ min: 0.001, max: 0.5, noNaN: true }),
    rise: fc.double({ min: 0.01, max: 2, noNaN: true }),
    increment: fc.double({ min: 1e-5, max: 0.1, noNaN: true }),
    clock: clocks,
  })
  .map(({ start, rise, increment, clock }): Pace => ({ start, increment, max: start + rise, clock }));

/** The paces that a user would write: round numbers, where rounding errors decide between n and n + 1 steps. */
const roundPaces = fc
  .record({ start: fc.constantFrom(0.01, 0.02, 0.1), max: fc.constantFrom(0.9, 1, 2), clock: clocks })
  .map((part): Pace => ({ ...paper, ...part }));

describe('rho1At', () => {
  it('is the start at the first tick and grows by the increment per tick for five paths', () => {
    expect(rho1At(paper, 0, 5)).toBe(0.02);
    expect(rho1At(paper, 1, 5)).toBeCloseTo(0.021, 12);
    expect(rho1At(paper, 500, 5)).toBeCloseTo(0.52, 12);
  });

  it('is held at its maximum', () => {
    expect(rho1At(paper, 981, 5)).toBe(1);
    expect(rho1At(paper, 1e9, 5)).toBe(1);
  });

  it('never falls, and stays between start and max', () => {
    fc.assert(
      fc.property(paces, paths, fc.nat(1e6), fc.nat(1e6), (pace, count, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((ticks) => rho1At(pace, ticks, count));
        expect(early).toBeGreaterThanOrEqual(pace.start);
        expect(late).toBeGreaterThanOrEqual(early);
        expect(late).toBeLessThanOrEqual(pace.max);
      }),
    );
  });

  it('gives each path the same pace, whatever the number of paths that share the clock', () => {
    fc.assert(
      fc.property(paces, paths, fc.nat(1000), (pace, count, ownSteps) => {
        const ticks = (shared: number) => (pace.clock === 'iteration' ? ownSteps * shared : ownSteps);
        expect(rho1At(pace, ticks(count), count)).toBeCloseTo(rho1At(pace, ticks(5), 5), 9);
      }),
    );
  });

  it('scales the increment by five over the number of paths under the iteration clock only', () => {
    expect(rho1At(paper, 100, 10)).toBeCloseTo(0.02 + 0.05, 12);
    expect(rho1At(paper, 100, 1)).toBeCloseTo(0.02 + 0.5, 12);
    expect(rho1At({ ...paper, clock: 'path' }, 100, 10)).toBeCloseTo(0.02 + 0.1, 12);
    expect(rho1At({ ...paper, clock: 'path' }, 100, 1)).toBeCloseTo(0.02 + 0.1, 12);
  });
});

describe('stepsToMax', () => {
  it('takes as many times longer under the path clock as there are paths', () => {
    expect(stepsToMax({ ...paper, start: 0, increment: 2 ** -10 }, 5)).toBe(1024);
    expect(stepsToMax({ ...paper, start: 0, increment: 2 ** -10, clock: 'path' }, 5)).toBe(5 * 1024);
  });

  it('counts a step that was begun', () => {
    expect(stepsToMax({ start: 0.25, increment: 0.5, max: 1, clock: 'iteration' }, 5)).toBe(2);
    expect(stepsToMax({ start: 0.5, increment: 0.5, max: 1, clock: 'iteration' }, 5)).toBe(1);
  });

  it('is 0 where rho1 starts at its maximum', () => {
    expect(stepsToMax({ ...paper, start: 1 }, 5)).toBe(0);
  });

  it('is the first reading of the clock at which rho1 stands at its maximum', () => {
    fc.assert(
      fc.property(paces, paths, (pace, count) => {
        const perTick = pace.clock === 'path' ? count : 1;
        const ticks = Math.ceil(stepsToMax(pace, count) / perTick);
        expect(rho1At(pace, ticks, count)).toBeCloseTo(pace.max, 9);
        if (ticks > 1) expect(rho1At(pace, ticks - 1.001, count)).toBeLessThan(pace.max);
      }),
    );
  });
});

describe('fittingIncrement', () => {
  const exact = (pace: Pace, count: number, steps: number) =>
    ((pace.max - pace.start) / steps) * (pace.clock === 'iteration' ? count / 5 : count);

  it.each([
    [1, 350],
    [2, 700],
    [5, 980],
    [5, 490],
  ])('lets rho1 of %i paths reach its maximum within %i steps', (count, steps) => {
    const increment = fittingIncrement(paper, count, steps);
    expect(stepsToMax({ ...paper, increment }, count)).toBeLessThanOrEqual(steps);
  });

  it('always lets rho1 reach its maximum within the steps', () => {
    fc.assert(
      fc.property(fc.oneof(paces, roundPaces), paths, fc.integer({ min: 1, max: 100_000 }), (pace, count, steps) => {
        const increment = fittingIncrement(pace, count, steps);
        expect(stepsToMax({ ...pace, increment }, count)).toBeLessThanOrEqual(steps);
      }),
      { numRuns: 2000 },
    );
  });

  it('is at most a fifth more than the exact need', () => {
    fc.assert(
      fc.property(fc.oneof(paces, roundPaces), paths, fc.integer({ min: 1, max: 100_000 }), (pace, count, steps) => {
        expect(fittingIncrement(pace, count, steps)).toBeLessThanOrEqual(1.2 * exact(pace, count, steps));
      }),
    );
  });

  it('has two digits, so that a message can name it', () => {
    fc.assert(
      fc.property(paces, paths, fc.integer({ min: 1, max: 100_000 }), (pace, count, steps) => {
        const increment = fittingIncrement(pace, count, steps);
        expect(Number(increment.toPrecision(2))).toBe(increment);
      }),
    );
  });
});
