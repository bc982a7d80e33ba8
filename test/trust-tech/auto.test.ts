import fc from 'fast-check';
import { AUTO, fitCalibration, fitSearch, fitShares, isAuto, type SearchChoice } from '../../src/trust-tech/auto';
import { planBudget } from '../../src/trust-tech/budget';
import { newDetector, observe } from '../../src/trust-tech/exit-detector';
import { rho1At } from '../../src/trust-tech/pace';
import { GRADIENT } from '../../src/trust-tech/space';
import { namedStream, normals } from '../../src/trust-tech/streams';

const FREE: SearchChoice = {
  rho1: { start: 0.02, increment: AUTO, max: 1, clock: 'iteration' },
  rho2TimesLr: AUTO,
  detector: { decay: AUTO, minRise: AUTO, buffer: AUTO, drop: 0.3 },
  decideEvery: AUTO,
  lag: AUTO,
  retries: 1,
  roundShare: 0.75,
};
const STATED: SearchChoice = {
  ...FREE,
  rho1: { ...FREE.rho1, increment: 0.001 },
  rho2TimesLr: 0.1,
  detector: { decay: 0.95, minRise: 0.1, buffer: 30, drop: 0.3 },
  decideEvery: 50,
  lag: 2,
};
const SHARES = { tiers: [5], tierShare: AUTO, searchShare: AUTO } as const;

const paths = fc.integer({ min: 1, max: 20 });
const share = fc.integer({ min: 20, max: 20_000 });
const start = fc.record({
  loss: fc.double({ min: 0, max: 5, noNaN: true }),
  deviation: fc.constantFrom(0, 0.01, 0.2, 2),
});

describe('the shares that fit a budget', () => {
  it('are those of the tuned digits and of the paper at their budgets', () => {
    expect(fitShares(SHARES, 1500, false).tierShare).toBeCloseTo(0.7);
    const paper = fitShares(SHARES, 78_200, false);
    expect(paper.tierShare).toBeCloseTo(0.25);
    expect(paper.searchShare).toBeCloseTo(1.5 * 0.3); // what it does not need goes to the descents
  });

  it('leave each part of any budget of 20 steps a path and more some steps, and never exceed it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 50_000 }), paths, (each, count) => {
        const steps = each * count;
        const plan = planBudget(steps, { ...SHARES, tiers: [count], fullTrain: false, rho1: FREE.rho1 });
        const [tier] = plan.tiers;
        expect(plan.tier0).toBeGreaterThan(0);
        expect(plan.tier0 + tier.steps).toBe(steps);
        expect(tier.search).toBeGreaterThan(0);
        expect(tier.search).toBeLessThan(tier.steps);
      }),
    );
  });

  it('give the tiers the whole budget where tier 0 is given', () => {
    const plan = planBudget(1000, { ...SHARES, fullTrain: false, rho1: FREE.rho1 }, true);
    expect(plan).toMatchObject({ tier0: 0, tiers: [{ steps: 1000 }] });
  });

  it('are those that are stated, each for itself', () => {
    expect(fitShares({ ...SHARES, tierShare: 0.4 }, 1000, true).tierShare).toBe(0.4);
    expect(fitShares({ ...SHARES, searchShare: 0.2 }, 1000, false).searchShare).toBe(0.2);
  });
});

describe('the settings that fit a search', () => {
  it('bring rho1 to its maximum within a third of the first round, or in four steps of a path', () => {
    fc.assert(
      fc.property(paths, share, start, (count, steps, loss) => {
        const { rho1 } = fitSearch(FREE, count, steps, loss);
        const most = Math.max(Math.ceil(steps / 6), 4 * count); // a round has half of the share
        expect(rho1At(rho1, most, count)).toBe(1);
      }),
    );
  });

  it('find no exit in the noise of an origin that does not move', () => {
    for (const [seed, deviation] of [0.02, 0.1, 0.5, 2].entries()) {
      for (const steps of [60, 300, 3000]) {
        const noise = normals(20 * steps, namedStream(seed, `noise/${steps}`));
        const { detector } = fitSearch(FREE, 5, steps, { loss: 1, deviation });
        for (let path = 0; path < 20; path += 1) {
          let state = newDetector(1);
          for (let i = 0; i < steps; i += 1) state = observe(state, 1 + deviation * noise[path * steps + i], detector);
          expect({ deviation, steps, phase: state.phase }).toEqual({ deviation, steps, phase: 'climbing' });
        }
      }
    }
  });

  it('ask for a rise in proportion to the scatter of batches, above a floor', () => {
    const riseOf = (deviation: number) => fitSearch(FREE, 5, 500, { loss: 1, deviation }).detector.minRise;
    expect(riseOf(0)).toBe(riseOf(1e-6));
    expect(riseOf(2) / riseOf(1)).toBeCloseTo(2, 2);
  });

  it('are those that are stated, each for itself', () => {
    const fitted = fitSearch(STATED, 5, 500, { loss: 1, deviation: 1 });
    expect(fitted).toEqual({
      rho1: STATED.rho1,
      rho2TimesLr: 0.1,
      detector: { ...STATED.detector, isSeeded: false },
      decideEvery: 50,
      lag: 2,
      roundShare: 0.75,
      adapts: false,
    });
    expect([isAuto(FREE), isAuto(STATED), isAuto({ ...STATED, lag: AUTO })]).toEqual([true, false, true]);
  });

  it('calibrate by the local solver without its weight decay, unless another is stated', () => {
    const adam = { ...GRADIENT, solver: 'adam' as const, beta1: 0.8, weightDecay: 0.1 };
    expect(fitCalibration({ ...GRADIENT, solver: AUTO }, adam)).toEqual({ ...adam, weightDecay: 0 });
    expect(fitCalibration(GRADIENT, adam)).toEqual(GRADIENT);
  });
});
