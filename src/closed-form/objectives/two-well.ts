import { cube, gradientOfSquares, type LeastSquares, type Objective, sumOfSquares } from './objective';

/** (x^2 - 1)^2 + (y - (1 - x^2) / 2)^2: two wells at (-1, 0) and (1, 0), a saddle at (0, 1/2), and a bent pass between. */
export function twoWell(): Objective {
  const leastSquares: LeastSquares = {
    residuals: ({ 0: x, 1: y }) => [x ** 2 - 1, y - (1 - x ** 2) / 2],
    jacobian: ({ 0: x }) => [
      [2 * x, 0],
      [x, 1],
    ],
  };
  return {
    name: 'two-well',
    dims: 2,
    box: cube(2, -2, 2),
    value: (x) => sumOfSquares(leastSquares.residuals(x)),
    gradient: (x) => gradientOfSquares(leastSquares, x),
    hessian: ({ 0: x, 1: y }) => [
      [15 * x ** 2 - 5 + 2 * y, 2 * x],
      [2 * x, 2],
    ],
    leastSquares,
    minima: {
      points: [
        [-1, 0],
        [1, 0],
      ],
      complete: true,
    },
  };
}
