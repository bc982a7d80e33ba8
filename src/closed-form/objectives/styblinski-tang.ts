import { cube, diagonal, eachCoordinate, lattice, type Objective, sumOver } from './objective';

/** Half the sum of x_i^4 - 16 x_i^2 + 5 x_i (Styblinski and Tang 1990): two minima an axis, 2^n in all. */
export function styblinskiTang(dims: number): Objective {
  let points: number[][] | undefined;
  return {
    name: 'styblinski-tang',
    dims,
    box: cube(dims, -5, 5),
    value: (x) => sumOver(x, (xi) => (xi ** 4 - 16 * xi ** 2 + 5 * xi) / 2),
    gradient: (x) => eachCoordinate(x, (xi) => 2 * xi ** 3 - 16 * xi + 2.5),
    hessian: (x) => diagonal(eachCoordinate(x, (xi) => 6 * xi ** 2 - 16)),
    leastSquares: null,
    minima: {
      get points() {
        points ??= lattice(dims, [-2.903534027771177, 2.7468027709908367]); // 2^n points: computed on demand
        return points;
      },
      complete: true,
    },
  };
}
