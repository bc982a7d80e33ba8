import fc from 'fast-check';
import { rho1At } from '../../src/trust-tech/pace';
import type { SearchOptions } from '../../src/trust-tech/path-states';
import { barrierArbitrary, lossArbitrary, optionsArbitrary } from './search-builders';
import { cosineOf, type SimulatedSearch, searching, simulateSearch, stepsOfPath } from './simulated-search';

const searchArbitrary = fc
  .tuple(optionsArbitrary, lossArbitrary, barrierArbitrary, fc.nat())
  .map(([options, lossOf, barrierTo, seed]) => simulateSearch(options, 1, lossOf, { seed, barrierTo }));

/** Check a law on searches with any options, losses and barriers. */
function holds(law: (search: SimulatedSearch, options: SearchOptions) => void, numRuns = 100): void {
  fc.assert(
    fc.property(searchArbitrary, (search) => law(search, search.state.options)),
    { numRuns },
  );
}

describe('laws of a search with any losses', () => {
  it('never plans more iterations than its share, and numbers them without a gap', () => {
    holds(({ state, steps }, options) => {
      expect(steps.length).toBeLessThanOrEqual(options.steps);
      expect(state.planned).toBe(steps.length);
      expect(steps.map(({ iteration }) => iteration)).toEqual(Array.from(steps.keys()));
    });
  });

  it('uses its whole share unless no path searches any more', () => {
    let exhausted = 0;
    holds(({ state, steps }, options) => {
      if (!state.paths.some(({ status }) => status === 'exhausted')) return;
      exhausted += 1;
      expect(steps).toHaveLength(options.steps);
    });
    expect(exhausted).toBeGreaterThan(3);
  });

  it('plans as many iterations as its paths take steps', () => {
    holds((search) => {
      const { paths, round } = search.state;
      for (const [k, path] of paths.entries()) expect(path.planned).toBe(stepsOfPath(search, k).length);
      const last = paths.filter((path) => path.round === round.number);
      const steps = search.steps.filter((step) => step.round === round.number);
      expect(last.reduce((sum, path) => sum + path.planned, 0)).toBe(steps.length);
    });
  });

  it('picks only paths that were known to be searching when the cell was planned: lag + 1 cells before', () => {
    holds(({ steps, states }, { lag }) => {
      const unknown = steps.filter(({ cell, path, round }) => {
        const known = states[cell - lag - 1];
        return known?.round.number === round && !searching(known).includes(path);
      });
      expect(unknown).toEqual([]);
    });
  });

  it('moves an exited path no further than its lag allows: with lag 0 within the same cell only', () => {
    let exits = 0;
    holds((search, { lag, verify }) => {
      for (const [k, { status, detector, planned, exit }] of search.state.paths.entries()) {
        if (status !== 'exited' || verify !== null) continue;
        exits += 1;
        const own = stepsOfPath(search, k);
        expect(exit.overrun).toBe(planned - detector.steps);
        expect(own[own.length - 1].cell - own[detector.steps - 1].cell).toBeLessThanOrEqual(lag);
      }
    });
    expect(exits).toBeGreaterThan(3);
  });

  it('follows the pace of its round: the clock begins with it, and is shared by its paths', () => {
    holds(({ steps, rounds, judgements }, { rho1: pace }) => {
      const pushed = new Set(judgements.filter(({ accepted }) => !accepted).map(({ path }) => path));
      const own = new Map<string, number>();
      const paced = steps.filter(({ path }) => !pushed.has(path));
      const expected = paced.map(({ round, path, iteration }) => {
        const [{ start, paths }, n] = [rounds[round - 1], own.get(`${round} ${path}`) ?? 0];
        own.set(`${round} ${path}`, n + 1);
        return rho1At(pace, pace.clock === 'iteration' ? iteration - start : n, paths.length);
      });
      expect(paced.map(({ rho1 }) => rho1)).toEqual(expected);
    });
  });

  it('moves along growths whose product is rho1, over all pushes of a path, in each round', () => {
    let pushes = 0;
    holds((search, { form, paths }) => {
      pushes += search.judgements.filter(({ accepted }) => !accepted).length;
      for (const { number } of search.rounds) {
        for (let k = 0; k < paths; k += 1) {
          let product = 1;
          const away = stepsOfPath(search, k, number).map(({ rho1, growth }) => {
            product = form === 'ratio' ? product * growth : growth;
            return Math.abs(product / rho1 - 1);
          });
          expect(Math.max(0, ...away)).toBeLessThan(1e-9);
        }
      }
    });
    expect(pushes).toBeGreaterThan(10);
  });

  it('never lets rho1 fall within a round, nor exceed its maximum by more than a stretch a push', () => {
    holds((search, { rho1: pace, paths, verify }) => {
      for (const { number } of search.rounds) {
        for (let k = 0; k < paths; k += 1) {
          const own = stepsOfPath(search, k, number).map(({ rho1 }) => rho1);
          expect(own).toEqual([...own].sort((a, b) => a - b));
          const pushes = search.judgements.filter(({ path, accepted }) => path === k && !accepted).length;
          expect(Math.max(0, ...own)).toBeLessThanOrEqual(pace.max + pushes * (verify?.stretch ?? 0) + 1e-9);
        }
      }
    });
  });

  it('describes an exit by the iteration at which that path stood at its peak', () => {
    holds((search, { detector: { decay }, verify }) => {
      for (const [k, { status, detector, exit }] of search.state.paths.entries()) {
        if (status !== 'exited' || verify !== null) continue;
        const judged = stepsOfPath(search, k).slice(0, detector.steps);
        const peak = judged[detector.peak.step];
        const averages = judged.map((_, n) =>
          average(
            judged.slice(0, n + 1).map(({ loss }) => loss),
            decay,
          ),
        );
        expect(exit).toMatchObject({ step: peak.iteration, rho1: peak.rho1, distance: peak.norm, startLoss: 1 });
        expect(exit.cosine).toBe(cosineOf(peak.cell, k));
        expect(exit.peakLoss / averages[detector.peak.step]).toBeCloseTo(1, 9);
        expect(exit.peakLoss / Math.max(...averages)).toBeCloseTo(1, 9);
      }
    });
  });

  it('goes the same way under any lag when no path ever exits', () => {
    const flat = fc.double({ min: 0, max: 1.09, noNaN: true });
    fc.assert(
      fc.property(optionsArbitrary, fc.nat(4), fc.array(flat, { minLength: 1 }), (options, lag, losses) => {
        const lossOf = (_path: number, step: number) => losses[step % losses.length];
        const [one, other] = [options, { ...options, lag }].map((given) => simulateSearch(given, 1, lossOf));
        expect(other.steps).toEqual(one.steps);
        expect(other.state.paths).toEqual(one.state.paths);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same search again with the same losses and the same draws', () => {
    fc.assert(
      fc.property(optionsArbitrary, lossArbitrary, barrierArbitrary, fc.nat(), (options, lossOf, barrierTo, seed) => {
        const [one, other] = [0, 0].map(() => simulateSearch(options, 1, lossOf, { seed, barrierTo }));
        expect(other).toEqual(one);
      }),
      { numRuns: 25 },
    );
  });

  it('changes no state when a constant is added to the start and to all losses', () => {
    const dyadic = fc.integer({ min: -4096, max: 4096 }).map((k) => k / 1024);
    const losses = fc.array(dyadic, { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(optionsArbitrary, losses, dyadic, dyadic, barrierArbitrary, (options, own, start, by, barrierTo) => {
        const [one, other] = [0, by].map((more) => {
          const lossOf = (path: number, step: number) => own[(7 * path + step) % own.length] + more;
          return simulateSearch(options, start + more, lossOf, { barrierTo });
        });
        expect(other.changes).toEqual(one.changes);
        expect(other.cells).toEqual(one.cells);
        for (const [k, { exit, ...rest }] of other.state.paths.entries()) {
          const was = one.state.paths[k];
          expect(rest).toEqual({ ...was, exit: undefined, detector: { ...was.detector, start: start + by } });
          expect(exit).toEqual({ ...was.exit, startLoss: start + by, peakLoss: expect.any(Number) });
          expect(exit.peakLoss - by).toBeCloseTo(was.exit.peakLoss, 9);
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** The mean of the losses, weighted by powers of the decay. */
function average(losses: readonly number[], decay: number): number {
  const weights = losses.map((_, k) => decay ** (losses.length - 1 - k));
  const total = weights.reduce((sum, weight) => sum + weight);
  return losses.reduce((sum, loss, k) => sum + (loss * weights[k]) / total, 0);
}
