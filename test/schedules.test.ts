import fc from 'fast-check';
import { langevinNoise } from '../src/methods/csg-mcmc';
import { triangularCycle } from '../src/methods/fge';
import { endingAt } from '../src/methods/swa';
import { constant, cosineCycle, garipov, multiStep, SCHEDULES, warmupCosine } from '../src/schedules';

const lrs = fc.double({ min: 1e-4, max: 10, noNaN: true });
const lengths = fc.integer({ min: 1, max: 2000 });

describe('garipov', () => {
  const rates = garipov(0.1, 1000);

  it.each([
    ['the full rate at the start', 0, 0.1],
    ['the full rate at half', 500, 0.1],
    ['half way down at seven tenths', 700, 0.1 * (1 - 0.99 / 2)],
    ['a hundredth at nine tenths', 900, 0.001],
    ['a hundredth at the end', 999, 0.001],
  ])('has %s', (_what, step, rate) => {
    expect(rates[step]).toBeCloseTo(rate, 12);
  });

  it('falls by equal steps between half and nine tenths', () => {
    for (let step = 501; step <= 900; step += 1) {
      expect(rates[step - 1] - rates[step]).toBeCloseTo((0.1 * 0.99) / 400, 12);
    }
  });
});

describe('cosineCycle', () => {
  it('starts at the full rate, has half of it in the middle, and ends just above 0', () => {
    const rates = cosineCycle(0.2, 100);
    expect(rates[0]).toBe(0.2);
    expect(rates[50]).toBeCloseTo(0.1, 12);
    expect(rates[25]).toBeCloseTo(0.1 * (1 + Math.SQRT1_2), 12);
    expect(rates[99]).toBeCloseTo(0.1 * (1 - Math.cos(Math.PI / 100)), 12);
  });

  it('falls at every step', () => {
    const rates = cosineCycle(0.2, 100);
    for (let step = 1; step < 100; step += 1) expect(rates[step]).toBeLessThan(rates[step - 1]);
  });
});

describe('triangularCycle', () => {
  it('is lowest at half the cycle, where it is lrMin', () => {
    const rates = triangularCycle(0.05, 0.0005, 100);
    expect(rates.indexOf(Math.min(...rates))).toBe(49);
    expect(rates[49]).toBeCloseTo(0.0005, 15);
  });

  it('goes down and up in straight lines, and ends at lrMax', () => {
    expect([...triangularCycle(9, 1, 8)]).toEqual([7, 5, 3, 1, 3, 5, 7, 9]);
  });

  it('follows the formula of Garipov et al. at every step of a cycle of odd length', () => {
    for (const [k, rate] of triangularCycle(0.05, 0.0005, 7).entries()) {
      const t = (k + 1) / 7;
      const down = 0.05 * (1 - 2 * t) + 0.0005 * 2 * t;
      const up = 0.05 * (2 * t - 1) + 0.0005 * (2 - 2 * t);
      expect(rate).toBeCloseTo(t < 0.5 ? down : up, 15);
    }
  });
});

describe('multiStep', () => {
  it('divides the rate by ten at half and again at three quarters', () => {
    const rates = multiStep(0.1, 300);
    expect([0, 149, 150, 224, 225, 299].map((step) => rates[step])).toEqual([0.1, 0.1, 0.01, 0.01, 0.001, 0.001]);
  });
});

describe('warmupCosine', () => {
  it('rises in equal steps over a twentieth of the training, then falls as a cosine over the rest', () => {
    const rates = warmupCosine(0.2, 200);
    for (let step = 0; step < 10; step += 1) expect(rates[step]).toBeCloseTo((0.2 * (step + 1)) / 11, 12);
    expect([...rates.subarray(10)]).toEqual([...cosineCycle(0.2, 190)]);
  });
});

describe('constant', () => {
  it('has the same rate at every step', () => {
    expect([...constant(0.3, 3)]).toEqual([0.3, 0.3, 0.3]);
  });
});

describe('endingAt', () => {
  it('keeps the first rate, ends at the last one asked for, and the rest in proportion between', () => {
    expect([...endingAt(Float64Array.of(9, 9, 5, 1), 5)]).toEqual([9, 9, 7, 5]);
    expect([...endingAt(Float64Array.of(9, 9, 5, 1), 0)]).toEqual([9, 9, 4.5, 0]);
  });

  it("makes Garipov's schedule the one of the authors of SWA, which ends at the averaging's rate", () => {
    const rates = endingAt(garipov(0.1, 100), 0.05);
    for (const [step, rate] of rates.entries()) {
      const t = step / 100;
      const factor = t <= 0.5 ? 1 : t <= 0.9 ? 1 - ((1 - 0.5) * (t - 0.5)) / 0.4 : 0.5;
      expect(rate).toBeCloseTo(0.1 * factor, 12);
    }
  });

  it('leaves a warm-up as it was', () => {
    expect([...endingAt(Float64Array.of(3, 6, 9, 5, 1), 5)]).toEqual([3, 6, 9, 7, 5]);
  });

  it('leaves alone a schedule that never falls', () => {
    expect([...endingAt(constant(0.3, 3), 0.1)]).toEqual([0.3, 0.3, 0.3]);
  });
});

describe('langevinNoise', () => {
  const rates = Float64Array.of(0.5, 0.1, 1e-6);

  it('moves the weights by sqrt(2 alpha T lr / N) a step, as Zhang et al. have it', () => {
    const noise = langevinNoise(rates, { momentum: 0.9, temperature: 0.5, samples: 200 });
    for (const [step, lr] of rates.entries()) {
      expect(lr * noise[step]).toBeCloseTo(Math.sqrt((2 * 0.1 * 0.5 * lr) / 200), 12);
    }
  });

  it('without momentum samples, of a quadratic loss, weights whose variance is T / (N curvature)', () => {
    // w' = w - lr (c w + noise) has the stationary variance lr noise^2 / (c (2 - lr c)), near lr noise^2 / 2c
    const [lr, curvature] = [1e-3, 2];
    const [noise] = langevinNoise(Float64Array.of(lr), { momentum: 0, temperature: 3, samples: 50 });
    const variance = (lr * noise ** 2) / (curvature * (2 - lr * curvature));
    expect(variance / (3 / (50 * curvature))).toBeCloseTo(1, 2);
  });

  it('is none at temperature 0', () => {
    expect([...langevinNoise(rates, { momentum: 0.9, temperature: 0, samples: 200 })]).toEqual([0, 0, 0]);
  });
});

describe('every schedule', () => {
  it.each(Object.entries(SCHEDULES))(
    '%s has one positive rate a step, none above the one that it is named for',
    (_name, schedule) => {
      fc.assert(
        fc.property(lrs, lengths, (lr, steps) => {
          const rates = schedule(lr, steps);
          expect(rates).toHaveLength(steps);
          expect(rates.includes(lr)).toBe(true);
          expect(rates.every((rate) => rate > 0 && rate <= lr)).toBe(true);
        }),
      );
    },
  );

  it.each(Object.entries(SCHEDULES))('%s has no step for no budget', (_name, schedule) => {
    expect(schedule(0.1, 0)).toHaveLength(0);
  });

  it('of a triangular cycle stays between its two rates', () => {
    fc.assert(
      fc.property(lrs, fc.double({ min: 0.01, max: 1, noNaN: true }), lengths, (lrMax, part, steps) => {
        const lrMin = lrMax * part;
        const rates = triangularCycle(lrMax, lrMin, steps);
        expect(rates).toHaveLength(steps);
        expect(rates.every((rate) => rate >= lrMin * (1 - 1e-12) && rate <= lrMax * (1 + 1e-12))).toBe(true);
      }),
    );
  });
});
