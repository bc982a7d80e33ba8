import fc from 'fast-check';
import { makeObjective, OBJECTIVES } from '../../src/closed-form/objectives';
import type { Objective, Point } from '../../src/closed-form/objectives/objective';
import { ConfigError, UsageError } from '../../src/errors';

const NAMES = Object.keys(OBJECTIVES);
const DIMS: Readonly<Record<string, number>> = { rastrigin: 3, ackley: 3, 'styblinski-tang': 3, rosenbrock: 5 };
const objectiveOf = (name: string): Objective => makeObjective({ name, dims: DIMS[name] ?? 2, box: null });

const H = 1e-5;
const moved = (x: Point, axis: number, by: number) => Array.from(x, (xi, i) => (i === axis ? xi + by : xi));

/** The central difference of a function along every axis. */
function differences(of: (x: Point) => number, x: Point): number[] {
  return Array.from(x, (_, axis) => (of(moved(x, axis, H)) - of(moved(x, axis, -H))) / (2 * H));
}

const pointIn = ({ box }: Objective) =>
  fc.tuple(...box.lower.map((min, i) => fc.double({ min, max: box.upper[i], noNaN: true })));

/** Relative to the largest: differences of large values are rounded more. */
function expectClose(got: ArrayLike<number>, wanted: readonly number[]): void {
  const scale = 1 + Math.max(...wanted.map(Math.abs), ...Array.from(got, Math.abs));
  for (const [i, value] of wanted.entries()) expect(Math.abs(got[i] - value) / scale).toBeLessThan(2e-5);
}

describe.each(NAMES)('%s', (name) => {
  const objective = objectiveOf(name);

  it('has the gradient and the Hessian of its value', () => {
    fc.assert(
      fc.property(pointIn(objective), (x) => {
        expectClose(objective.gradient(x), differences(objective.value, x));
        for (const [i, row] of objective.hessian(x).entries()) {
          expectClose(
            row,
            differences((at) => objective.gradient(at)[i], x),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is at rest at its known minima, which lie in its box and apart', () => {
    const { points } = objective.minima;
    expect(points.length).toBeGreaterThan(0);
    for (const x of points) {
      expect(Math.max(...Array.from(objective.gradient(x), Math.abs))).toBeLessThan(1e-8);
      expect(x.every((xi, i) => xi > objective.box.lower[i] && xi < objective.box.upper[i])).toBe(true);
      for (const axis of x.keys()) {
        for (const by of [-1e-3, 1e-3]) expect(objective.value(moved(x, axis, by))).toBeGreaterThan(objective.value(x));
      }
    }
    expect(new Set(points.map((x) => x.map((xi) => xi.toFixed(3)).join())).size).toBe(points.length);
  });
});

describe('an objective that is a sum of squares', () => {
  const sums = NAMES.map(objectiveOf).filter(({ leastSquares }) => leastSquares !== null);

  it('is one of three', () => {
    expect(sums.map(({ name }) => name)).toEqual(['himmelblau', 'rosenbrock', 'two-well']);
  });

  it.each(sums)('$name is the sum of its residuals squared, whose Jacobian it states', (objective) => {
    const { leastSquares } = objective;
    if (leastSquares === null) throw new Error('it has residuals');
    fc.assert(
      fc.property(pointIn(objective), (x) => {
        const squares = leastSquares.residuals(x).reduce((sum, r) => sum + r * r, 0);
        expectClose([objective.value(x)], [squares]);
        for (const [k, row] of leastSquares.jacobian(x).entries()) {
          expectClose(
            row,
            differences((at) => leastSquares.residuals(at)[k], x),
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the values that the literature states', () => {
  const valueAt = (name: string, dims: number, x: readonly number[]) =>
    makeObjective({ name, dims, box: null }).value(x);

  it('are those of ours', () => {
    expect(valueAt('six-hump-camel', 2, [0.0898, -0.7126])).toBeCloseTo(-1.0316, 4);
    expect(valueAt('himmelblau', 2, [0, 0])).toBe(170);
    expect(valueAt('rastrigin', 4, [0, 0, 0, 0])).toBe(0);
    expect(valueAt('rastrigin', 2, [1, 1])).toBeCloseTo(2, 12);
    expect(valueAt('styblinski-tang', 3, [-2.903534, -2.903534, -2.903534])).toBeCloseTo(-39.16616570377 * 3, 8);
    expect(valueAt('rosenbrock', 3, [1, 1, 1])).toBe(0);
    expect(valueAt('rosenbrock', 2, [0, 0])).toBe(1);
    expect(valueAt('ackley', 2, [1, 1])).toBeCloseTo(3.6253849384, 5);
  });

  it('but for the top of Ackley, whose kink is rounded off', () => {
    expect(valueAt('ackley', 2, [0, 0])).toBeCloseTo(0.004, 4);
  });
});

describe('makeObjective', () => {
  it('takes a box of its own for every axis', () => {
    const { box, minima } = makeObjective({ name: 'rastrigin', dims: 2, box: [-2, 2] });
    expect(box).toEqual({ lower: [-2, -2], upper: [2, 2] });
    expect(minima.points).toHaveLength(121);
  });

  it('names the objectives that there are when it does not know one', () => {
    for (const name of ['egg', 'toString']) {
      expect(() => makeObjective({ name, dims: 2, box: null })).toThrow(UsageError);
      expect(() => makeObjective({ name, dims: 2, box: null })).toThrow(
        `unknown objective '${name}'; known: six-hump-camel, himmelblau, rastrigin`,
      );
    }
  });

  it('refuses a number of dimensions that the objective does not come in', () => {
    expect(() => makeObjective({ name: 'himmelblau', dims: 3, box: null })).toThrow(ConfigError);
    expect(() => makeObjective({ name: 'himmelblau', dims: 3, box: null })).toThrow(
      'objective.dims must be 2 for himmelblau, got 3',
    );
    expect(() => makeObjective({ name: 'rosenbrock', dims: 1, box: null })).toThrow('must be 2 to 100');
  });
});
