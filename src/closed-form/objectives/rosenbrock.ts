import { cube, type LeastSquares, type Objective, type Point, sumOfSquares } from './objective';

/** The second minimum, which exists from four dimensions on (Kok and Sandrock 2009), by the number of dimensions. */
const SECOND: Readonly<Record<number, readonly number[]>> = {
  4: [-0.7756592265653525, 0.6130933654850432, 0.3820628463383929, 0.1459720185521944],
  5: [-0.9620510206947503, 0.9357393959767104, 0.8807136041943213, 0.7778776758544076, 0.6050936785926548],
  6: [
    -0.9865749795709936, 0.9833982288361816, 0.9721066700530916, 0.9474374368264353, 0.8986511848517282,
    0.807573952035415,
  ],
  7: [
    -0.9917225725614055, 0.9935553935033713, 0.9921733215946922, 0.986898762690314, 0.9751647566088731,
    0.9514319827049929, 0.9052228177139537,
  ],
};

/** The sum of 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2 (Rosenbrock 1960): a curved, flat valley. One minimum below n = 4. */
export function rosenbrock(dims: number): Objective {
  const leastSquares = { residuals, jacobian };
  const ones = new Array(dims).fill(1);
  return {
    name: 'rosenbrock',
    dims,
    box: cube(dims, -2, 2),
    value: (x) => sumOfSquares(residuals(x)),
    gradient,
    hessian,
    leastSquares,
    minima: { points: dims in SECOND ? [ones, SECOND[dims]] : [ones], complete: dims <= 7 },
  };
}

const residuals: LeastSquares['residuals'] = (x) =>
  stretches(x).flatMap((i) => [10 * (x[i + 1] - x[i] ** 2), 1 - x[i]]);

const jacobian: LeastSquares['jacobian'] = (x) =>
  stretches(x).flatMap((i) => {
    const [along, back] = [new Array(x.length).fill(0), new Array(x.length).fill(0)];
    along[i] = -20 * x[i];
    along[i + 1] = 10;
    back[i] = -1;
    return [along, back];
  });

function gradient(x: Point): Float64Array {
  const g = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i += 1) {
    const off = x[i + 1] - x[i] ** 2;
    g[i] += -400 * x[i] * off - 2 * (1 - x[i]);
    g[i + 1] += 200 * off;
  }
  return g;
}

function hessian(x: Point): number[][] {
  const h = Array.from(x, () => new Array<number>(x.length).fill(0));
  for (const i of stretches(x)) {
    h[i][i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2;
    h[i + 1][i + 1] += 200;
    h[i][i + 1] = h[i + 1][i] = -400 * x[i];
  }
  return h;
}

/** Returns the indices i of the pairs (i, i + 1). */
function stretches(x: Point): number[] {
  return Array.from({ length: x.length - 1 }, (_, i) => i);
}
