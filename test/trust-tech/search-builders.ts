import fc from 'fast-check';
import type { SearchOptions } from '../../src/trust-tech/path-states';
import type { BarrierTo, LossOf } from './simulated-search';

/** A short search in one round, whose detector has a short memory, so that small examples exit. */
export function searchOptions(over: Partial<SearchOptions> = {}): SearchOptions {
  const steps = over.steps ?? 200;
  return {
    paths: 3,
    steps,
    rho1: { start: 0.02, increment: 0.01, max: 1, clock: 'iteration' },
    rho2: new Float64Array(steps).fill(0.01),
    form: 'ratio',
    detector: { decay: 0.5, minRise: 0.1, buffer: 2, drop: 0.3 },
    decideEvery: 7,
    lag: 1,
    verify: null,
    retries: 0,
    roundShare: 0.5,
    ...over,
  };
}

/** Up by 0.1 a step from 1 to its top at the given step of the path's own, then down again. */
export const hill =
  (top: number) =>
  (_path: number, step: number): number =>
    1 + 0.1 * (step <= top ? step : Math.max(0, 2 * top - step));

/** Up by 0.1 a step, for ever. */
export const slope: LossOf = (_path, step) => 1 + 0.1 * step;

/** Any settings that a search may have. */
export const optionsArbitrary: fc.Arbitrary<SearchOptions> = fc
  .record({
    paths: fc.integer({ min: 1, max: 6 }),
    steps: fc.integer({ min: 1, max: 250 }),
    rho1: fc.record({
      start: fc.constant(0.02),
      increment: fc.constantFrom(0.001, 0.01, 0.1),
      max: fc.constantFrom(0.5, 1),
      clock: fc.constantFrom('iteration' as const, 'path' as const),
    }),
    form: fc.constantFrom('ratio' as const, 'literal' as const),
    detector: fc.record({
      decay: fc.constantFrom(0, 0.5, 0.9),
      minRise: fc.constant(0.1),
      buffer: fc.integer({ min: 0, max: 4 }),
      drop: fc.constantFrom(0.1, 0.3, 1),
    }),
    decideEvery: fc.integer({ min: 1, max: 20 }),
    lag: fc.integer({ min: 0, max: 4 }),
    verify: fc.option(fc.record({ rise: fc.constant(0.01), stretch: fc.constantFrom(0.1, 0.25, 2) }), { freq: 2 }),
    retries: fc.integer({ min: 0, max: 3 }),
    roundShare: fc.constantFrom(0.01, 0.25, 0.5, 0.75, 0.99),
  })
  .map((options) => ({ ...options, rho2: Float64Array.from({ length: options.steps }, (_, i) => 1 / (1 + i)) }));

const BAD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

const oneLoss = fc.oneof(
  { weight: 60, arbitrary: fc.double({ min: 0, max: 5, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(...BAD, 1e300) },
);
const hills = fc.integer({ min: 1, max: 15 }).map((top) => hill(top));
const constants = fc.double().map((loss) => () => loss);
const spikes = fc.record({ every: fc.integer({ min: 2, max: 40 }), height: fc.constantFrom(3, 1e6, 1e38, ...BAD) }).map(
  ({ every, height }) =>
    (_path: number, step: number) =>
      step % every === every - 1 ? height : 1,
);
const made = fc
  .array(fc.array(oneLoss, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 6 })
  .map((losses) => (path: number, step: number, round: number) => {
    const own = losses[(path + round) % losses.length];
    return own[step % own.length];
  });

/** Any losses: made up, NaN and infinity now and then; constants; spikes; hills, over which every path exits. */
export const lossArbitrary: fc.Arbitrary<LossOf> = fc.oneof(
  { weight: 3, arbitrary: made },
  { weight: 3, arbitrary: hills },
  { weight: 1, arbitrary: constants },
  { weight: 1, arbitrary: spikes },
);

/** Any barriers, so many of them no numbers or too low that an exit is often refused. */
export const barrierArbitrary: fc.Arbitrary<BarrierTo> = fc
  .array(fc.constantFrom(...BAD, -1, 0, 0.0099, 0.01, 1), { minLength: 1, maxLength: 8 })
  .map((barriers) => (path: number, judged: number) => barriers[(path + judged) % barriers.length]);
