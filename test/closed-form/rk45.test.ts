import fc from 'fast-check';
import { type FlowAt, followFlow, type Rk45Options } from '../../src/closed-form/rk45';

const length = (v: Float64Array) => Math.hypot(...v);

/** dx/dt = -rate x on every axis: the gradient system of a quadratic bowl. */
const bowl =
  (...rates: readonly number[]) =>
  (x: Float64Array): FlowAt => {
    const velocity = x.map((xi, i) => -rates[i] * xi);
    return { velocity, rest: length(velocity) };
  };

const options: Rk45Options = {
  tolerance: 1e-4,
  restBelow: 1e-8,
  maxSteps: 10_000,
  firstLength: 1e-3,
  longest: 0.5,
  length,
  inside: () => true,
  onStep: () => {},
};

describe('followFlow', () => {
  it('comes to rest at the bottom of a bowl', () => {
    const { x, status } = followFlow(bowl(1, 3), Float64Array.of(2, -1), options);
    expect(status).toBe('converged');
    expect(length(x)).toBeLessThan(1e-8);
  });

  it('comes to rest in a stiff bowl', () => {
    const { x, status } = followFlow(bowl(1, 2000), Float64Array.of(1, 1), { ...options, maxSteps: 100_000 });
    expect(status).toBe('converged');
    expect(length(x)).toBeLessThan(1e-8);
  });

  it('stays on the exact trajectory, the closer the smaller the tolerance', () => {
    // From (1, 1) the flow of rates 1 and 2 goes along y = x^2.
    const worst = [1e-3, 1e-5, 1e-7].map((tolerance) => {
      let off = 0;
      const onStep = ([x, y]: Float64Array) => {
        off = Math.max(off, Math.abs(y - x ** 2));
      };
      followFlow(bowl(1, 2), Float64Array.of(1, 1), { ...options, tolerance, onStep });
      return off;
    });
    expect(worst[0]).toBeLessThan(1e-3);
    expect(worst[1]).toBeLessThan(worst[0] / 20);
    expect(worst[2]).toBeLessThan(worst[1] / 20);
  });

  it('is of fifth order: a step cut in half has an error 2^5 to 2^7 times smaller', () => {
    // A single step of a given length, the error of which no tolerance limits.
    const errorOf = (firstLength: number) => {
      let end = Number.NaN;
      const onStep = ([x, y]: Float64Array) => {
        end = Math.abs(y - x ** 2);
      };
      followFlow(bowl(1, 2), Float64Array.of(1, 1), { ...options, tolerance: 10, firstLength, maxSteps: 0, onStep });
      return end;
    };
    const order = Math.log2(errorOf(0.4) / errorOf(0.2));
    expect(order).toBeGreaterThan(5);
    expect(order).toBeLessThan(7);
  });

  it('goes downhill from every start', () => {
    const coordinate = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 0.1, max: 50, noNaN: true }), (a, b, rate) => {
        let before = a ** 2 + rate * b ** 2;
        const onStep = ([x, y]: Float64Array) => {
          expect(x ** 2 + rate * y ** 2).toBeLessThan(before);
          before = x ** 2 + rate * y ** 2;
        };
        expect(followFlow(bowl(1, rate), Float64Array.of(a, b), { ...options, onStep }).status).toBe('converged');
      }),
    );
  });

  it('says where it left the part in which it is followed', () => {
    const { x, status } = followFlow(bowl(-1), Float64Array.of(0.1), { ...options, inside: ([xi]) => xi < 2 });
    expect(status).toBe('left');
    expect(x[0]).toBeGreaterThanOrEqual(2);
    expect(x[0]).toBeLessThan(2.6);
  });

  it('runs out of steps instead of going on for ever', () => {
    const rotation = ([x, y]: Float64Array): FlowAt => ({ velocity: Float64Array.of(-y, x), rest: 1 });
    expect(followFlow(rotation, Float64Array.of(1, 0), { ...options, maxSteps: 50 }).status).toBe('outOfSteps');
  });

  it('stalls where the flow has no velocity, or flips at every step', () => {
    const nowhere = (): FlowAt => ({ velocity: null, rest: 1 });
    expect(followFlow(nowhere, Float64Array.of(1), options).status).toBe('stalled');
    const hole = ([x]: Float64Array): FlowAt => ({ velocity: x < 0.5 ? null : Float64Array.of(-1), rest: 1 });
    const end = followFlow(hole, Float64Array.of(1), options);
    expect(end.status).toBe('stalled');
    expect(end.x[0]).toBeCloseTo(0.5, 6);
    const kink = ([x]: Float64Array): FlowAt => ({ velocity: Float64Array.of(x > 0.5 ? -1 : 1), rest: 1 });
    expect(followFlow(kink, Float64Array.of(1), options).x[0]).toBeCloseTo(0.5, 3);
  });
});
