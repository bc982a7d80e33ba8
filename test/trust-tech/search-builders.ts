import fc from 'fast-check';
import type { SearchOptions } from '../../src/trust-tech/tier-search';
import type { LossOf } from './simulated-search';

/** A short search whose detector has a short memory, so that small examples exit. */
export function searchOptions(over: Partial<SearchOptions> = {}): SearchOptions {
  return {
    paths: 3,
    steps: 200,
    rho1: { start: 0.02, increment: 0.01, max: 1, clock: 'iteration' },
    rho2: 0.01,
    form: 'ratio',
    detector: { decay: 0.5, minRise: 0.1, buffer: 2, drop: 0.3 },
    decideEvery: 7,
    lag: 1,
    ...over,
  };
}

/** Up by 0.1 a step from 1 to its top at the given step of the path's own, then down again. */
export const hill =
  (top: number): LossOf =>
  (_path, step) =>
    1 + 0.1 * (step <= top ? step : Math.max(0, 2 * top - step));

export const optionsArbitrary: fc.Arbitrary<SearchOptions> = fc.record({
  paths: fc.integer({ min: 1, max: 6 }),
  steps: fc.integer({ min: 1, max: 250 }),
  rho1: fc.record({
    start: fc.constant(0.02),
    increment: fc.constantFrom(0.001, 0.01, 0.1),
    max: fc.constantFrom(0.5, 1),
    clock: fc.constantFrom('iteration' as const, 'path' as const),
  }),
  rho2: fc.constantFrom(0, 0.01),
  form: fc.constantFrom('ratio' as const, 'literal' as const),
  detector: fc.record({
    decay: fc.constantFrom(0, 0.5, 0.9),
    minRise: fc.constant(0.1),
    buffer: fc.integer({ min: 0, max: 4 }),
    drop: fc.constantFrom(0.1, 0.3, 1),
  }),
  decideEvery: fc.integer({ min: 1, max: 20 }),
  lag: fc.integer({ min: 0, max: 4 }),
});

const oneLoss = fc.oneof(
  { weight: 60, arbitrary: fc.double({ min: 0, max: 5, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300) },
);

/** Any losses, NaN and infinity now and then; they repeat when a path takes more steps than were made up. */
export const lossArbitrary: fc.Arbitrary<LossOf> = fc
  .array(fc.array(oneLoss, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 6 })
  .map((losses) => (path: number, step: number) => {
    const own = losses[path % losses.length];
    return own[step % own.length];
  });
