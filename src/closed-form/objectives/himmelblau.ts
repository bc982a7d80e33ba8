import { cube, gradientOfSquares, type LeastSquares, type Objective, sumOfSquares } from './objective';

/** (x^2 + y - 11)^2 + (x + y^2 - 7)^2 (Himmelblau 1972): four minima, all of value 0. */
export function himmelblau(): Objective {
  const leastSquares: LeastSquares = {
    residuals: ({ 0: x, 1: y }) => [x ** 2 + y - 11, x + y ** 2 - 7],
    jacobian: ({ 0: x, 1: y }) => [
      [2 * x, 1],
      [1, 2 * y],
    ],
  };
  return {
    name: 'himmelblau',
    dims: 2,
    box: cube(2, -5, 5),
    value: (x) => sumOfSquares(leastSquares.residuals(x)),
    gradient: (x) => gradientOfSquares(leastSquares, x),
    hessian: ({ 0: x, 1: y }) => [
      [12 * x ** 2 + 4 * y - 42, 4 * (x + y)],
      [4 * (x + y), 12 * y ** 2 + 4 * x - 26],
    ],
    leastSquares,
    minima: {
      points: [
        [3, 2],
        [-2.805118086952745, 3.131312518250573],
        [-3.779310253377747, -3.283185991286169],
        [3.5844283403304917, -1.8481265269644036],
      ],
      complete: true,
    },
  };
}
