import { cube, diagonal, eachCoordinate, lattice, type Objective, sumOver } from './objective';

/** Roots of 2 x + 20 pi sin(2 pi x) near 0, 1, ... 5 (without 0); beyond them the minima lie outside the box. */
const ROOTS = [0.9949586376523348, 1.9899122337085497, 2.984855701039481, 3.9797838603007536, 4.974691390895051];
const TURN = 2 * Math.PI;

/** 10 n + sum of x_i^2 - 10 cos(2 pi x_i) (Rastrigin 1974): a minimum near every point with whole coordinates. */
export function rastrigin(dims: number): Objective {
  const coordinates = [0, ...ROOTS, ...ROOTS.map((x) => -x)];
  let points: number[][] | undefined;
  return {
    name: 'rastrigin',
    dims,
    box: cube(dims, -5.12, 5.12),
    value: (x) => sumOver(x, (xi) => 10 + xi ** 2 - 10 * Math.cos(TURN * xi)),
    gradient: (x) => eachCoordinate(x, (xi) => 2 * xi + 10 * TURN * Math.sin(TURN * xi)),
    hessian: (x) => diagonal(eachCoordinate(x, (xi) => 2 + 10 * TURN ** 2 * Math.cos(TURN * xi))),
    leastSquares: null,
    minima: {
      get points() {
        points ??= lattice(dims, coordinates); // 11^n points: computed on demand
        return points;
      },
      complete: false,
    },
  };
}
