import fc from 'fast-check';
import { averaged, type MovingAverage, NO_VALUES } from '../../src/trust-tech/moving-average';

const averageOf = (values: readonly number[], decay: number): MovingAverage =>
  values.reduce((past, value) => averaged(past, value, decay), NO_VALUES);

const decays = fc.double({ min: 0, max: 0.99, noNaN: true });
/** Not -0, which an average turns into 0. */
const value = fc.double({ min: -10, max: 10, noNaN: true }).map((drawn) => drawn + 0);
const values = fc.array(value, { minLength: 1, maxLength: 50 });

describe('a moving average', () => {
  it('is the value itself after one value, whatever the decay', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), decays, (value, decay) => {
        expect(averaged(NO_VALUES, value, decay).value).toBeCloseTo(value, 12);
      }),
    );
  });

  it('is exactly the last value without a past', () => {
    fc.assert(fc.property(values, (all) => expect(averageOf(all, 0).value).toBe(all.at(-1))));
  });

  it('weighs each value less by the decay than the value after it', () => {
    fc.assert(
      fc.property(values, decays, (all, decay) => {
        const weights = all.map((_, k) => decay ** (all.length - 1 - k));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const mean = all.reduce((sum, value, k) => sum + (value * weights[k]) / total, 0);
        expect(averageOf(all, decay).value).toBeCloseTo(mean, 9);
      }),
    );
  });
});
