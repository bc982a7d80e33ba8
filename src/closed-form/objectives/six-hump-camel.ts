import type { Objective } from './objective';

/** (4 - 2.1 x^2 + x^4 / 3) x^2 + x y + (4 y^2 - 4) y^2 (Dixon and Szego 1978): six minima, two of them global. */
export function sixHumpCamel(): Objective {
  const half = [
    [0.08984201310031807, -0.7126564030207396],
    [1.7036067149699807, -0.7960835686726251],
    [1.6071047529201974, 0.5686514548841314],
  ];
  return {
    name: 'six-hump-camel',
    dims: 2,
    box: { lower: [-3, -2], upper: [3, 2] },
    value: ({ 0: x, 1: y }) => (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (4 * y ** 2 - 4) * y ** 2,
    gradient: ({ 0: x, 1: y }) => Float64Array.of(8 * x - 8.4 * x ** 3 + 2 * x ** 5 + y, x - 8 * y + 16 * y ** 3),
    hessian: ({ 0: x, 1: y }) => [
      [8 - 25.2 * x ** 2 + 10 * x ** 4, 1],
      [1, -8 + 48 * y ** 2],
    ],
    leastSquares: null,
    minima: { points: [...half, ...half.map(([x, y]) => [-x, -y])], complete: true },
  };
}
