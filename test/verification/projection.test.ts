import fc from 'fast-check';
import { namedStream, normals } from '../../src/trust-tech/streams';
import { planeThrough, project } from '../../src/verification/projection';

const dims = 5;
const vector = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: dims, maxLength: dims });
const add = (origin: readonly number[], ...moves: readonly (readonly [number, Float64Array])[]) =>
  origin.map((value, i) => value + moves.reduce((sum, [factor, axis]) => sum + factor * axis[i], 0));
/** Three points of which none lies on the line of the others. */
const triangle = fc.tuple(vector, vector, vector).filter(([a, b, c]) => {
  const [u, v] = [b, c].map((p) => p.map((value, i) => value - a[i]));
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return dot(u, u) > 1e-2 && dot(v, v) - dot(u, v) ** 2 / dot(u, u) > 1e-2;
});

describe('a plane through three points', () => {
  it('has unit axes at right angles, its origin at (0, 0) and the first point on the first axis', () => {
    fc.assert(
      fc.property(triangle, ([origin, first, second]) => {
        const plane = planeThrough(origin, first, second);
        const [x, y] = plane.axes;
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
        expect([dot(x, x), dot(y, y), dot(x, y)].map((value) => value + 0)).toEqual([
          expect.closeTo(1, 9),
          expect.closeTo(1, 9),
          expect.closeTo(0, 7),
        ]);
        expect(project(origin, plane)).toEqual([0, 0]);
        expect(project(first, plane)[0]).toBeGreaterThan(0);
        expect(project(first, plane)[1]).toBeCloseTo(0, 6);
      }),
    );
  });

  it('gives a point of the plane its coordinates, whatever is added at right angles to the plane', () => {
    fc.assert(
      fc.property(
        triangle,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (points, a, b) => {
          const plane = planeThrough(...points);
          const [x, y] = project(add(points[0], [a, plane.axes[0]], [b, plane.axes[1]]), plane);
          expect(x).toBeCloseTo(a, 6);
          expect(y).toBeCloseTo(b, 6);
        },
      ),
    );
  });

  it('refuses three points on one line', () => {
    expect(() => planeThrough([0, 0], [1, 0], [2, 0])).toThrow('one line');
    expect(() => planeThrough([0, 0], [0, 0], [0, 1])).toThrow('one line');
  });
});

describe('normals', () => {
  it('have mean 0 and deviation 1, and are the same again from the same stream', () => {
    const draw = () => normals(20_000, namedStream(3, 'projection'));
    const drawn = draw();
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.03); // four standard errors
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
    expect(draw()).toEqual(drawn);
  });
});
