import fc from 'fast-check';
import { rho1At } from '../../src/trust-tech/pace';
import type { SearchOptions } from '../../src/trust-tech/tier-search';
import { lossArbitrary, optionsArbitrary } from './search-builders';
import { cosineOf, type SimulatedSearch, simulateSearch, stepsOfPath } from './simulated-search';

/** Check a law on searches with any options and any losses. */
function holds(law: (search: SimulatedSearch, options: SearchOptions) => void): void {
  fc.assert(
    fc.property(optionsArbitrary, lossArbitrary, fc.nat(), (options, lossOf, seed) => {
      law(simulateSearch(options, 1, lossOf, seed), options);
    }),
    { numRuns: 100 },
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
    holds(({ state, steps }, options) => {
      if (state.paths.some(({ status }) => status === 'exhausted')) expect(steps).toHaveLength(options.steps);
    });
  });

  it('plans as many iterations as its paths take steps', () => {
    holds((search) => {
      const { paths, planned } = search.state;
      for (const [k, path] of paths.entries()) expect(path.planned).toBe(stepsOfPath(search, k).length);
      expect(paths.reduce((sum, path) => sum + path.planned, 0)).toBe(planned);
    });
  });

  it('picks only paths that were known to be searching when the cell was planned: lag + 1 cells before', () => {
    holds(({ steps, searchingAfter }, { lag }) => {
      for (const { cell, path } of steps) {
        const known = searchingAfter[cell - lag - 1];
        if (known !== undefined) expect(known).toContain(path);
      }
    });
  });

  it('moves an exited path no further than its lag allows: with lag 0 within the same cell only', () => {
    holds((search, { lag }) => {
      for (const [k, { status, detector, planned, exit }] of search.state.paths.entries()) {
        if (status !== 'exited') continue;
        const own = stepsOfPath(search, k);
        expect(exit.overrun).toBe(planned - detector.steps);
        expect(own[own.length - 1].cell - own[detector.steps - 1].cell).toBeLessThanOrEqual(lag);
      }
    });
  });

  it('follows the pace: the product of all growths of a path is its rho1', () => {
    holds((search, { form, rho1: pace, paths }) => {
      for (let k = 0; k < paths; k += 1) {
        let product = 1;
        for (const [n, { iteration, rho1, growth }] of stepsOfPath(search, k).entries()) {
          expect(rho1).toBe(rho1At(pace, pace.clock === 'iteration' ? iteration : n, paths));
          product = form === 'ratio' ? product * growth : growth;
          expect(product / rho1).toBeCloseTo(1, 9);
        }
      }
    });
  });

  it('multiplies by rho1 itself in the literal form', () => {
    holds(({ steps }, { form }) => {
      if (form === 'literal') for (const { growth, rho1 } of steps) expect(growth).toBe(rho1);
    });
  });

  it('ends every path exited, exhausted or diverged; diverged exactly when it saw a loss that is not finite', () => {
    const seen = new Set<string>();
    holds((search) => {
      for (const [k, { status, detector, divergedAt }] of search.state.paths.entries()) {
        const judged = stepsOfPath(search, k).slice(0, detector.steps);
        const bad = judged.find(({ loss }) => !Number.isFinite(loss));
        expect(['exited', 'exhausted', 'diverged']).toContain(status);
        expect(status === 'diverged').toBe(bad !== undefined);
        expect(divergedAt).toBe(bad?.iteration ?? null);
        seen.add(status);
      }
    });
    expect(seen.size).toBe(3);
  });

  it('describes an exit by the iteration at which that path stood at its peak', () => {
    holds((search, { detector: { decay } }) => {
      for (const [k, { status, detector, exit }] of search.state.paths.entries()) {
        if (status !== 'exited') continue;
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
        expect(exit.peakLoss).toBeCloseTo(averages[detector.peak.step], 6);
        expect(exit.peakLoss).toBeCloseTo(Math.max(...averages), 6);
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
    );
  });

  it('is the same search again with the same losses and the same draws', () => {
    fc.assert(
      fc.property(optionsArbitrary, lossArbitrary, fc.nat(), (options, lossOf, seed) => {
        expect(simulateSearch(options, 1, lossOf, seed)).toEqual(simulateSearch(options, 1, lossOf, seed));
      }),
    );
  });
});

/** The mean of the losses, weighted by powers of the decay. */
function average(losses: readonly number[], decay: number): number {
  const weights = losses.map((_, k) => decay ** (losses.length - 1 - k));
  const total = weights.reduce((sum, weight) => sum + weight);
  return losses.reduce((sum, loss, k) => sum + (loss * weights[k]) / total, 0);
}
