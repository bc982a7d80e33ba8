import { claimOf as claimOfFig2 } from '../../src/paper/fig2';
import { cosineStays, riseAndFall } from '../../src/paper/fig3ab';
import { claimOf as claimOfFig3c } from '../../src/paper/fig3c';
import { claimsOf as claimsOfFig4 } from '../../src/paper/fig4';
import { verdictOf } from '../../src/paper/reproduction';
import type { PathProgress } from '../../src/report/figures/search-progress';
import { type SensitivityPoint, sensitivityOf } from '../../src/report/figures/sensitivity';

const EXIT = { step: 7, rho1: 0.5, distance: 1, cosine: 1, startLoss: 0, peakLoss: 1, overrun: 0, barrier: null };

function watched(trainLoss: readonly number[], over: Partial<PathProgress> = {}) {
  const common = { rho1: 0.1, distance: 1, cosine: 0.99, testLoss: 0, trainErrorPct: null, testErrorPct: null };
  return {
    points: trainLoss.map((loss, k) => ({ ...common, iteration: 4 * k, trainLoss: loss, testLoss: 2 * loss, ...over })),
    exit: EXIT,
  };
}

describe('what figure 3 is said to show', () => {
  it('holds where both losses rise and fall again', () => {
    const claim = riseAndFall(watched([0.1, 2, 0.5]), 'loss', 1);
    expect(claim.holds).toBe(true);
    expect(claim.seen).toContain(
      'iteration 8, at rho1 0.50, train loss rises from 0.100 to 2.000 and falls to 0.500 nats',
    );
  });

  it('does not hold without a fall, without a rise, or without an exit', () => {
    expect(riseAndFall(watched([0.1, 1.9, 2]), 'loss', 1).holds).toBe(false);
    expect(riseAndFall(watched([2, 1, 0.5]), 'loss', 1).holds).toBe(false);
    expect(riseAndFall({ ...watched([0.1, 2, 0.5]), exit: null }, 'loss', 1)).toMatchObject({ holds: false });
  });

  it('says where the exit is only the end of the growth', () => {
    expect(riseAndFall(watched([0.1, 2, 0.5]), 'loss', 0.5).seen).toContain('at rho1 0.50, its maximum');
  });

  it('reads error rates for figure 3b', () => {
    const errors = watched([0, 0, 0]);
    const points = errors.points.map((point, k) => ({
      ...point,
      trainErrorPct: [0, 30, 5][k],
      testErrorPct: [3, 40, 39][k],
    }));
    const claim = riseAndFall({ ...errors, points }, 'error rate', 1);
    expect(claim.seen).toContain('test error rate rises from 3.0 to 40.0 and falls to 39.0 %');
    expect(claim.holds).toBe(false);
  });

  it('judges the cosine by its lowest value', () => {
    expect(cosineStays(watched([0, 1])).holds).toBe(true);
    expect(cosineStays(watched([0, 1], { cosine: 0.4 }))).toMatchObject({
      holds: false,
      seen: expect.stringContaining('0.400'),
    });
  });
});

describe('what figure 2 is said to show', () => {
  const portrait = {
    objective: 'two-well',
    box: { lower: [0, 0], upper: [1, 1] },
    grid: { columns: 2, rows: 2, values: new Float64Array(4) },
    flow: [],
    seps: [{ name: 'ω0', at: [0, 0] }],
    steps: [],
    exit: [0.5, 0.25],
    reached: 'ω1',
    direction: 3,
  } as const;

  it('holds where a path ends in another equilibrium, and says how many directions did not', () => {
    const claim = claimOfFig2(portrait);
    expect(claim.holds).toBe(true);
    expect(claim.seen).toContain('(0.50, 0.25) and ends after 0 steps in ω1, the first of 3 random directions');
  });

  it('does not hold where none does', () => {
    expect(claimOfFig2({ ...portrait, exit: null, reached: null, direction: 50 })).toMatchObject({
      holds: false,
      seen: expect.stringContaining('none of 50'),
    });
  });
});

describe('what figure 3c is said to show', () => {
  const point = { iteration: 3, offset: -1, rho1: 1, loss: 1 };
  const end = (optimum: string) => ({ optimum, loss: 0, toOrigin: 0 });
  const check = {
    path: 'tier1-1',
    exit: { iteration: 9, rho1: 0.9, peakLoss: 1 },
    boundary: { inside: point, outside: { ...point, iteration: 5 } },
    samples: [
      { ...point, side: 'before' as const, end: end('A') },
      { ...point, side: 'after' as const, end: end('B') },
      { ...point, side: 'after' as const, end: end('B') },
    ],
    verdict: { different: true, within: 0.1, across: 3, barrier: 0.2 },
  };

  it('holds where the verification says so, and names the optima of both sides and the boundary', () => {
    const claim = claimOfFig3c(check);
    expect(claim.holds).toBe(true);
    expect(claim.seen).toContain('between iterations 3 and 5');
    expect(claim.seen).toContain('come to rest at A, points after the maximum at B (A');
  });

  it('does not hold otherwise', () => {
    const claim = claimOfFig3c({ ...check, boundary: null, verdict: { ...check.verdict, different: false } });
    expect(claim).toMatchObject({ holds: false, seen: expect.stringContaining('never leaves the stability region') });
  });
});

describe('what figure 4 is said to show', () => {
  const INCREMENTS = [0.01, 0.02, 0.04];
  /** A surface rho1 = f(increment, rho2), with distance ten times that, or what is given. */
  const surface = (rho1: (increment: number, rho2: number) => number, distance?: number): SensitivityPoint[] =>
    sensitivityOf(
      INCREMENTS.flatMap((rho1Increment) =>
        [0.1, 0.3].map((rho2TimesLr) => {
          const at = rho1(rho1Increment, rho2TimesLr);
          const found = {
            exits: 1,
            diverged: 0,
            searchSteps: 9,
            iterations: 100 * at,
            rho1AtExit: at,
            cosineAtExit: 1,
          };
          return { rho1Increment, rho2TimesLr, seed: 0, paths: 1, ...found, distanceAtExit: distance ?? 10 * at };
        }),
      ),
    );
  const holds = (points: readonly SensitivityPoint[]) => claimsOfFig4(points, 4).map((claim) => claim.holds);

  it('holds on a surface that depends on the increment alone and becomes flat', () => {
    expect(holds(surface((increment) => Math.min(1, increment * 50)))).toEqual([true, true, true]);
  });

  it('sees an influence of rho2, an uncorrelated distance, and a slope', () => {
    expect(holds(surface((increment, rho2) => Math.min(1, increment * 50) * (1 + rho2)))[0]).toBe(false);
    expect(holds(surface((increment) => Math.min(1, increment * 50), 7))[1]).toBe(false);
    expect(holds(surface((increment) => increment))[2]).toBe(false);
  });

  it('says at how many pairs rho1 stood at its maximum', () => {
    expect(
      claimsOfFig4(
        surface((increment) => Math.min(4, increment * 200)),
        4,
      )[2].seen,
    ).toContain('at 4 of 6 pairs it stood at its maximum of 4');
  });

  it('judges nothing by too few exits', () => {
    const few = surface((increment) => increment).map((point) =>
      point.rho1Increment > 0.01 ? { ...point, mean: null } : point,
    );
    expect(claimsOfFig4(few, 4)).toEqual([
      expect.objectContaining({ holds: false, seen: expect.stringContaining('only 1 increments') }),
    ]);
  });
});

describe('the verdict', () => {
  it('is one sentence that says of each claim what was seen and whether it agrees', () => {
    const claims = [
      { claim: 'it rises', seen: 'it rose', holds: true },
      { claim: 'it falls', seen: 'it stayed', holds: false },
    ];
    expect(verdictOf(claims)).toBe(
      'it rose (agrees with the paper: it rises); it stayed (does not agree with the paper: it falls).',
    );
  });
});
