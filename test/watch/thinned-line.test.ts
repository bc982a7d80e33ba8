import fc from 'fast-check';
import { ThinnedLine } from '../../src/watch/thinned-line';

const lineOf = (values: readonly number[]) => {
  const line = new ThinnedLine();
  for (const [x, y] of values.entries()) line.add(x, y);
  return line.points();
};

describe('a line that is kept short', () => {
  it('keeps all points of a short one', () => {
    expect(lineOf([3, 1, 2])).toEqual([
      [0, 3],
      [1, 1],
      [2, 2],
    ]);
  });

  it('never has more than 401 points, and always the first and the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (count) => {
        const points = lineOf(Array.from({ length: count }, (_, k) => k));
        expect(points.length).toBeLessThanOrEqual(401);
        expect([points[0], points.at(-1)]).toEqual([
          [0, 0],
          [count - 1, count - 1],
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it('goes from left to right, at points that were given', () => {
    const points = lineOf(Array.from({ length: 3000 }, (_, k) => 2 * k));
    for (const [k, [x, y]] of points.entries()) {
      expect(y).toBe(2 * x);
      if (k > 0) expect(x).toBeGreaterThan(points[k - 1][0]);
    }
  });

  it('has a gap where a number is none, and between rounds', () => {
    const line = new ThinnedLine();
    for (const [x, y] of [0.5, Number.NaN].entries()) line.add(x, y);
    line.gap();
    line.add(2, 1);
    expect(line.points().map(([, y]) => y)).toEqual([0.5, null, null, 1]);
  });
});
