import { fromStarts } from '../methods/tier-by-tier';
import { atLength } from '../soak';

const STARTS = atLength(6, 20);

describe('TRUST-TECH tier by tier, at length', () => {
  it.each([
    ['styblinski-tang', 8],
    ['rastrigin', 25],
    ['two-well', 2],
  ])('finds all minima of %s: %i, from every one of several random starts', async (preset, minima) => {
    for (const { found, optima } of await fromStarts(preset, STARTS)) {
      expect({ found, optima }).toEqual({ found: minima, optima: minima });
    }
  });

  it('finds the 25 minima of Ackley on [-2.5, 2.5]^2 from every one of several random starts', async () => {
    for (const { found, optima } of await fromStarts('ackley', STARTS))
      expect({ found, optima }).toEqual({ found: 1, optima: 25 });
  });

  it.each(['six-hump-camel', 'himmelblau', 'rastrigin', 'styblinski-tang'])(
    'finds all minima of %s with dynamic paths from every one of several random starts',
    async (preset) => {
      for (const { found, wanted } of await fromStarts(preset, STARTS, 'dynamic')) expect(found).toBe(wanted);
    },
    600_000,
  );

  it('misses a minimum of Himmelblau with the eigenvectors of the Hessian from most starts', async () => {
    const found = (await fromStarts('himmelblau', STARTS, 'hessian')).map((start) => start.found);
    expect(new Set(found)).toEqual(new Set([3, 4]));
  });
});
