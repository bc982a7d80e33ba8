import { boostAfter, causeOf, NO_BOOST } from '../../src/trust-tech/missed-exit';
import { newSearch, nextRound, type PathState, type SearchState } from '../../src/trust-tech/path-states';
import { shortfall } from '../../src/trust-tech/shortfall';
import { searchOptions } from './search-builders';

const NAMES = ['tier1-1', 'tier1-2', 'tier1-3', 'tier1-4', 'tier1-5'];
const options = { ...searchOptions({ paths: 5, steps: 100, retries: 1 }), adapts: true };
const fresh = newSearch(options, 1);
const [path] = fresh.paths;
const { max } = options.rho1;
const rise = (value: number): PathState['detector'] => ({ ...path.detector, peak: { rise: value, step: 3 } });

const EXITED: PathState = { ...path, status: 'exited' };
const SLOW: PathState = { ...path, rho1: max / 2, detector: rise(2) };
const FLAT: PathState = { ...path, rho1: max, detector: rise(options.detector.minRise) };
const HIGH: PathState = { ...path, rho1: max, detector: rise(2) };
const DIVERGED: PathState = { ...path, status: 'diverged' };
const state: SearchState = { ...fresh, planned: 50, paths: [EXITED, SLOW, FLAT, HIGH, DIVERGED] };

describe('a search that finds fewer exits than it has paths', () => {
  it('says of each path why, how near it came, and what to change', () => {
    expect(shortfall('tier1', NAMES, state)).toEqual([
      expect.stringMatching(
        /^tier1: 1 of 5 paths found an exit: tier1-2 used up .* at rho1 0\.50 or more of 1\.0; raise the budget/,
      ),
      expect.stringMatching(
        /tier1-3 rose by .* at most, which the scatter of batches explains; raise dspTt\.rho1\.max/,
      ),
      expect.stringMatching(/tier1-4 rose by 2\.0 or more and did not come down .* raise dspTt\.rho2TimesLr/),
      expect.stringMatching(/tier1-5 met a loss that is not finite; lower dspTt\.rho2TimesLr/),
    ]);
  });

  it('says of several flat paths how far the highest rose, and of several high ones how little the lowest did', () => {
    const [flat] = shortfall('tier1', NAMES, { ...state, paths: [FLAT, { ...FLAT, detector: rise(0.01) }] });
    expect(flat).toMatch(/rose by 0\.10 at most/);
    const [high] = shortfall('tier1', NAMES, { ...state, paths: [HIGH, { ...HIGH, detector: rise(0.5) }] });
    expect(high).toMatch(/rose by 0\.50 or more/);
  });

  it('says so once for all paths with one cause, and nothing where every path exited', () => {
    expect(shortfall('tier1', NAMES, { ...state, paths: [HIGH, HIGH, EXITED] })).toEqual([
      expect.stringMatching(/^tier1: 1 of 3 paths found an exit: tier1-1, tier1-2 rose/),
    ]);
    expect(shortfall('tier1', NAMES, { ...state, paths: [EXITED] })).toEqual([]);
  });

  it('gives each redrawn path more of what the one before it lacked', () => {
    const boosts = nextRound(state)?.state.paths.map(({ boost }) => boost);
    expect(boosts).toEqual([
      NO_BOOST, // it has exited, and is not redrawn
      NO_BOOST,
      { rho1: 2, rho2: 1 },
      { rho1: 1, rho2: 2 },
      { rho1: 1, rho2: 0.5 },
    ]);
    const [, , flat] = nextRound(state)?.state.paths ?? [];
    expect(flat.pace.max).toBe(2 * max);
    expect(causeOf({ ...flat, rho1: max }, 0.1)).toBe('slow'); // its maximum is further out now
    expect(boostAfter({ ...flat, rho1: 2 * max, detector: rise(0) }, 0.1)).toEqual({ rho1: 4, rho2: 1 });
  });

  it('redraws its paths as they were, unless it adapts', () => {
    const plain = nextRound({ ...state, options: { ...options, adapts: false } });
    expect(plain?.state.paths.map(({ boost }) => boost)).toEqual(Array(5).fill(NO_BOOST));
  });
});
