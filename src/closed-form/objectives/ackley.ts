import { cube, eachCoordinate, type Objective, type Point, sumOver } from './objective';

const [HEIGHT, DECAY, TURN] = [20, 0.2, 2 * Math.PI];
/** Rounding of the kink that Ackley's function has at 0: a gradient system needs a gradient everywhere. */
const ROUNDING = 1e-3;

/**
 * -20 exp(-0.2 r) - exp(mean of cos(2 pi x_i)) + 20 + e (Ackley 1987), r the root mean square of x; here r is
 * sqrt(mean of x_i^2 + 1e-6), without the kink at 0. One global minimum at 0, and one near every point with whole
 * coordinates that the slope has not washed out.
 */
export function ackley(dims: number): Objective {
  const radius = (x: Point) => Math.sqrt(mean(x, (xi) => xi ** 2) + ROUNDING ** 2);
  const wave = (x: Point) => Math.exp(mean(x, (xi) => Math.cos(TURN * xi)));
  return {
    name: 'ackley',
    dims,
    box: cube(dims, -32.768, 32.768),
    value: (x) => HEIGHT - HEIGHT * Math.exp(-DECAY * radius(x)) + Math.E - wave(x),
    gradient: (x) => {
      const r = radius(x);
      const slope = (HEIGHT * DECAY * Math.exp(-DECAY * r)) / (dims * r);
      const ripple = (TURN * wave(x)) / dims;
      return eachCoordinate(x, (xi) => slope * xi + ripple * Math.sin(TURN * xi));
    },
    hessian: (x) => hessian(Array.from(x), radius(x), wave(x)),
    leastSquares: null,
    minima: { points: [new Array(dims).fill(0)], complete: false },
  };
}

function hessian(x: readonly number[], r: number, wave: number): number[][] {
  const n = x.length;
  const slope = (HEIGHT * DECAY * Math.exp(-DECAY * r)) / (n * r);
  const bend = (slope * (DECAY + 1 / r)) / (n * r);
  const sines = x.map((xi) => Math.sin(TURN * xi));
  const entry = (i: number, j: number) => -bend * x[i] * x[j] - (TURN / n) ** 2 * wave * sines[i] * sines[j];
  const own = (i: number) => slope + ((TURN ** 2 * wave) / n) * Math.cos(TURN * x[i]);
  return x.map((_, i) => x.map((_xj, j) => entry(i, j) + (i === j ? own(i) : 0)));
}

function mean(x: Point, term: (xi: number) => number): number {
  return sumOver(x, term) / x.length;
}
