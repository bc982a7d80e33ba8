import fc from 'fast-check';
import { barrierOf, segmentPositions } from '../../src/trust-tech/barrier';

const losses = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 20 });

describe('barrierOf', () => {
  it('is the height of the loss above the higher end', () => {
    expect(barrierOf([1, 3, 0.5])).toBe(2);
    expect(barrierOf(Float64Array.of(0.5, 3, 1))).toBe(2);
    expect(barrierOf(Float32Array.of(2, 2.5, 9, 4, 8))).toBe(1);
  });

  it('is 0 where the segment falls, is flat, or lies below its ends', () => {
    expect(barrierOf([3, 2, 1])).toBe(0);
    expect(barrierOf([2, 2, 2])).toBe(0);
    expect(barrierOf([2, 0, 1.5])).toBe(0);
    expect(barrierOf([2, 1])).toBe(0);
  });

  it('is not a number where a loss is none, and infinite where the loss between is', () => {
    expect(barrierOf([1, Number.NaN, 1])).toBeNaN();
    expect(barrierOf([Number.NaN, 2, 1])).toBeNaN();
    expect(barrierOf([1, Number.POSITIVE_INFINITY, 1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('is no barrier that could be counted where an end is infinite', () => {
    expect(barrierOf([Number.POSITIVE_INFINITY, 2, 1])).not.toBeGreaterThan(0);
    expect(barrierOf([1, 2, Number.POSITIVE_INFINITY])).not.toBeGreaterThan(0);
  });

  it('is never below 0, the same from either end, and not changed by a constant added to all losses', () => {
    fc.assert(
      fc.property(losses, fc.integer({ min: -1000, max: 1000 }), (loss, by) => {
        const barrier = barrierOf(loss);
        expect(barrier).toBeGreaterThanOrEqual(0);
        expect(barrierOf([...loss].reverse())).toBe(barrier);
        expect(barrierOf(loss.map((value) => value + by))).toBe(barrier);
      }),
    );
  });

  it('is above 0 exactly where a loss between stands above both ends, and then lets none stand higher', () => {
    fc.assert(
      fc.property(losses, (loss) => {
        const higher = Math.max(loss[0], loss[loss.length - 1]);
        const barrier = barrierOf(loss);
        expect(barrier > 0).toBe(loss.some((value) => value > higher));
        expect(loss.every((value) => value <= higher + barrier)).toBe(true);
        if (barrier > 0) expect(loss).toContain(higher + barrier);
      }),
    );
  });
});

describe('segmentPositions', () => {
  it('go from one end to the other in equal steps', () => {
    expect(segmentPositions(5)).toEqual(Float64Array.of(0, 0.25, 0.5, 0.75, 1));
    expect(segmentPositions(2)).toEqual(Float64Array.of(0, 1));
  });

  it('are so many, ascending, and hold both ends exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1001 }), (points) => {
        const positions = segmentPositions(points);
        expect(positions).toHaveLength(points);
        expect([positions[0], positions[points - 1]]).toEqual([0, 1]);
        expect(positions.every((at, k) => k === 0 || Math.abs(at - positions[k - 1] - 1 / (points - 1)) < 1e-12)).toBe(
          true,
        );
      }),
    );
  });
});
