import fc from 'fast-check';
import { namedStream } from '../../src/trust-tech/streams';

const draws = (seed: number, name: string, below = 1000, count = 20) => {
  const draw = namedStream(seed, name);
  return Array.from({ length: count }, () => draw(below));
};
const seeds = fc.maxSafeNat();

describe('a named stream', () => {
  it('draws the same numbers for the same seed and name', () => {
    fc.assert(fc.property(seeds, fc.string(), (seed, name) => expect(draws(seed, name)).toEqual(draws(seed, name))));
  });

  it('draws other numbers under another name, and from another seed', () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.string(), (seed, name, other) => {
        fc.pre(name !== other);
        expect(draws(seed, name)).not.toEqual(draws(seed, other));
      }),
    );
    fc.assert(
      fc.property(seeds, seeds, fc.string(), (seed, other, name) => {
        fc.pre(seed !== other);
        expect(draws(seed, name)).not.toEqual(draws(other, name));
      }),
    );
  });

  it('is not shifted by draws from another stream', () => {
    const alone = draws(3, 'pick/tier1', 5, 6);
    const [one, other] = [namedStream(3, 'pick/tier1'), namedStream(3, 'pick/tier2')];
    const mixed = alone.map(() => {
      other(7);
      return one(5);
    });
    expect(mixed).toEqual(alone);
  });

  it('draws whole numbers from 0 to below - 1, all of them', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 20 }), (seed, below) => {
        const seen = new Set(draws(seed, 'range', below, 1000));
        expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: below }, (_, k) => k));
      }),
      { numRuns: 20 },
    );
  });

  it('takes seeds up to 2^53 - 1, and tells the largest apart', () => {
    expect(draws(2 ** 53 - 1, 'x')).not.toEqual(draws(2 ** 53 - 2, 'x'));
  });

  it('draws what it has always drawn: a run must be repeatable with a later version', () => {
    expect(draws(7, 'pick/tier1', 5, 10)).toEqual([2, 2, 3, 0, 3, 1, 3, 0, 0, 4]);
  });
});
