import fc from 'fast-check';
import { newSearch } from '../../src/trust-tech/path-states';
import { barrierArbitrary, lossArbitrary, optionsArbitrary, searchOptions } from './search-builders';
import { type Change, type SimulatedSearch, searching, simulateSearch } from './simulated-search';

/**
 * The diagram at the head of `path-states.ts`, edge by edge; a path whose share is used and that is redrawn passes through
 * `exhausted` in one step. `?` marks edges that only a search with verified exits has, `!` those that it has not.
 */
const EDGES = [
  ...['absorb searching searching', 'absorb searching diverged', 'finish searching exhausted'],
  ...['absorb searching exited !', 'absorb searching verifying ?'],
  ...['judge verifying exited ?', 'judge verifying searching ?'],
  ...['redraw searching searching', 'redraw diverged searching'],
  ...['absorb exited exited', 'absorb verifying verifying ?', 'absorb diverged diverged'], // what was planned before
];

/** Checks a law on searches drawn anew, and on drawn ones that together show every case, so that no case is left to chance. */
function holds(law: (search: SimulatedSearch) => void): void {
  const property = fc.property(
    optionsArbitrary,
    lossArbitrary,
    barrierArbitrary,
    fc.nat(),
    (options, lossOf, barrierTo, seed) => law(simulateSearch(options, 1, lossOf, { seed, barrierTo })),
  );
  fc.assert(property, { numRuns: 75 });
  fc.assert(property, { numRuns: 150, seed: 1 });
}

const edgeOf = ({ by, from, to }: Change) => `${by} ${from} ${to}`;

describe('the states of a search, whatever the losses and barriers', () => {
  it('follow each other along the drawn edges only, of which each is taken', () => {
    const taken = new Set<string>();
    holds(({ changes, state }) => {
      const allowed = EDGES.filter((edge) => !edge.endsWith(state.options.verify === null ? '?' : '!'));
      const edges = allowed.map((edge) => edge.replace(/ [?!]$/, ''));
      const own = new Set(changes.map(edgeOf));
      expect([...own].filter((edge) => !edges.includes(edge))).toEqual([]);
      for (const edge of own) taken.add(edge);
    });
    const untaken = EDGES.map((edge) => edge.replace(/ [?!]$/, '')).filter((edge) => !taken.has(edge));
    expect(untaken.filter((edge) => edge !== 'absorb verifying verifying')).toEqual([]); // judged in the same breath
  });

  it('are continuous: each change of a path begins where its last one ended', () => {
    holds(({ changes, state }) => {
      for (const [k, path] of state.paths.entries()) {
        const own = changes.filter((change) => change.path === k);
        expect([...own.map(({ from }) => from), path.status]).toEqual(['searching', ...own.map(({ to }) => to)]);
      }
    });
  });

  it('end exited, exhausted or diverged; diverged exactly where the last round saw a loss that is not finite', () => {
    const seen = new Set<string>();
    holds(({ changes, state, steps }) => {
      for (const [k, { status, divergedAt }] of state.paths.entries()) {
        seen.add(status);
        expect(['exited', 'exhausted', 'diverged']).toContain(status);
        const last = changes.filter(({ path, from, to }) => path === k && from !== to).at(-1);
        expect(status === 'diverged').toBe(last?.to === 'diverged');
        expect(divergedAt !== null).toBe(status === 'diverged');
        if (divergedAt !== null) {
          expect(steps[divergedAt].path).toBe(k);
          expect(Number.isFinite(steps[divergedAt].loss)).toBe(false);
        }
      }
    });
    expect([...seen].sort()).toEqual(['diverged', 'exhausted', 'exited']);
  });

  it('name an exit only where a path left its region, with a rise; verified ones only with a barrier', () => {
    const barriers = new Set<number | null>();
    holds(({ state: { paths, options } }) => {
      for (const { status, exit } of paths) {
        if (status !== 'exited') {
          expect(exit).toMatchObject({ barrier: null });
          continue;
        }
        barriers.add(exit.barrier);
        expect(exit.step).toBeGreaterThanOrEqual(0);
        expect(exit.peakLoss).toBeGreaterThan(exit.startLoss + options.detector.minRise - 1e-9);
        if (options.verify === null) expect(exit.barrier).toBeNull();
        else expect(exit.barrier).toBeGreaterThanOrEqual(options.verify.rise);
        expect(exit.barrier).not.toBe(Number.POSITIVE_INFINITY);
      }
    });
    expect(barriers).toEqual(new Set([null, 0.01, 1]));
  });

  it('keep the exits of earlier rounds as they are', () => {
    holds(({ state, states }) => {
      for (const { paths, round } of states) {
        for (const [k, path] of paths.entries()) {
          const settled = path.status === 'exited' && path.round < round.number;
          if (settled && state.paths[k] !== path) expect(state.paths[k]).toBe(path);
        }
      }
    });
  });
});

describe('the rounds of a search, whatever the losses and barriers', () => {
  it('are so many as there are retries, and one, at most', () => {
    let most = 0;
    holds(({ rounds, state }) => {
      expect(rounds.map(({ number }) => number)).toEqual(rounds.map((_, k) => k + 1));
      expect(rounds.length).toBeLessThanOrEqual(state.options.retries + 1);
      most = Math.max(most, rounds.length);
    });
    expect(most).toBe(4);
  });

  it('end where their part of what is left ends; the last one may take it all', () => {
    holds(({ rounds, steps, state: { options } }) => {
      for (const { number, start, end } of rounds) {
        const left = options.steps - start;
        expect(end).toBe(number > options.retries ? options.steps : start + Math.ceil(left * options.roundShare));
        expect(steps.filter(({ round, iteration }) => round === number && iteration >= end)).toEqual([]);
      }
    });
  });

  it('search all paths that have not exited, and no other', () => {
    holds(({ rounds, changes, steps, state: { paths } }) => {
      expect(rounds[0].paths).toEqual([...paths.keys()]);
      const redrawn = changes.filter(({ by }) => by === 'redraw').map(({ path }) => path);
      expect(rounds.slice(1).flatMap((round) => round.paths)).toEqual(redrawn);
      expect(steps.filter(({ round, path }) => !rounds[round - 1].paths.includes(path))).toEqual([]);
      for (const [k, { round }] of paths.entries()) {
        expect(round).toBe(rounds.filter((each) => each.paths.includes(k)).length);
      }
    });
  });

  it('go on while a path is left to redraw, and a round and a part of the share', () => {
    holds(({ rounds, steps, state: { paths, options } }) => {
      if (paths.every(({ status }) => status === 'exited')) return;
      expect(rounds.length === options.retries + 1 || steps.length === options.steps).toBe(true);
    });
  });
});

it('a path that was never given a step is exhausted, not exited', () => {
  const search = simulateSearch(searchOptions({ paths: 6, steps: 2, retries: 2 }), 1, () => 1);
  expect(search.state.paths.every(({ status }) => status === 'exhausted')).toBe(true);
  expect(searching(newSearch(searchOptions({ paths: 6 }), 1))).toHaveLength(6);
});
