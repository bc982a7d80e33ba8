import { AnalyticExecutor } from '../../src/closed-form/executor';
import { makeObjective } from '../../src/closed-form/objectives';
import type { Objective } from '../../src/closed-form/objectives/objective';
import { UsageError } from '../../src/errors';
import type { SearchProgram } from '../../src/trust-tech/space';
import { failureOf } from '../builders';

const FLOW = { metric: 'identity', mu: 0.01, tolerance: 1e-3, gradientBelow: 1e-8, maxSteps: 100_000 } as const;
const PLAIN = { solver: 'sgd', momentum: 0, nesterov: false, weightDecay: 0, beta1: 0, beta2: 0, epsilon: 1 } as const;

function spaceOf(name: string, { flow = {}, seed = 0 }: { flow?: Partial<{ metric: string }>; seed?: number } = {}) {
  const objective = makeObjective({ name, dims: 2, box: null });
  return { objective, space: new AnalyticExecutor(objective, { seed, flow: Object.assign({}, FLOW, flow) }) };
}

const at = (...x: readonly number[]) => Float64Array.from(x);

function program(growth: readonly number[], rho2: number, values: Partial<SearchProgram> = {}): SearchProgram {
  const path = new Int32Array(growth.length);
  const lengths = { path, growth: Float64Array.from(growth), rho2: new Float64Array(growth.length).fill(rho2) };
  return { ...lengths, paths: ['p'], stream: 's', start: 0, solver: PLAIN, ...values };
}

describe('a search step', () => {
  it('grows the displacement, measures there, and takes rho2 times the gradient from it', async () => {
    const { space, objective } = spaceOf('himmelblau'); // its box is 10 wide
    await space.placeAt('o', at(1, 1));
    await space.newPathAlong('p', 'o', at(3, 4)); // of length 1 in units of the box: (6, 8)
    const answer = await space.search(program([0.1, 2], 0.01, { capture: [0, 1] }));
    const first = [1.6, 1.8];
    const gradient = objective.gradient(first);
    const second = [0, 1].map((i) => 1 + 2 * (first[i] - 1 - 0.01 * gradient[i]));
    expect(Array.from(answer.captured[0])).toEqual([expect.closeTo(1.6, 12), expect.closeTo(1.8, 12)]);
    for (const i of [0, 1]) expect(answer.captured[1][i]).toBeCloseTo(second[i], 10);
    expect(answer.loss[0]).toBeCloseTo(objective.value(first), 10);
    expect(answer.loss[1]).toBeCloseTo(objective.value(second), 8);
    expect(answer.norm[0]).toBeCloseTo(0.1, 12);
    expect(answer.norm[1]).toBeCloseTo(Math.hypot(second[0] - 1, second[1] - 1) / 10, 10);
    await space.pointFromPath('end', 'p');
    const after = objective.gradient(second);
    for (const i of [0, 1]) {
      expect((await space.stateOf('end')).x[i]).toBeCloseTo(second[i] - 0.01 * after[i], 8);
    }
    const d = [0, 1].map((i) => second[i] - 0.01 * after[i] - 1);
    expect(answer.cosine[0]).toBeCloseTo((d[0] * 3 + d[1] * 4) / (5 * Math.hypot(d[0], d[1])), 10);
  });

  it('costs an evaluation of the objective, and one of the gradient where it calibrates', async () => {
    const { space } = spaceOf('himmelblau');
    await space.placeAt('o', at(1, 1));
    await space.newPathAlong('p', 'o', at(1, 0));
    await space.search(program([0.1, 1, 1], 0));
    expect(space.evaluations).toEqual({ objective: 3, gradient: 0, hessian: 0 });
    await space.search(program([1, 1], 1e-4));
    expect(space.evaluations).toEqual({ objective: 5, gradient: 2, hessian: 0 });
  });

  it('shows NaN outside of the box, where nothing is evaluated', async () => {
    const { space } = spaceOf('himmelblau');
    await space.placeAt('o', at(4, 0));
    await space.newPathAlong('p', 'o', at(1, 0));
    const { loss, norm } = await space.search(program([0.09, 2], 1e-3));
    expect(loss[0]).not.toBeNaN();
    expect(loss[1]).toBeNaN();
    expect(norm[1]).not.toBeNaN();
    expect(space.evaluations).toEqual({ objective: 1, gradient: 1, hessian: 0 });
  });

  it('measures lengths axis by axis where the box is not a cube', async () => {
    const { space } = spaceOf('six-hump-camel'); // 6 by 4
    await space.placeAt('o', at(0, 0));
    await space.newPathAlong('p', 'o', at(0, 1));
    await space.pointFromPath('end', 'p', 0.25);
    expect(Array.from((await space.stateOf('end')).x)).toEqual([0, 1]);
  });

  it.each([{ solver: 'adam' as const }, { momentum: 0.9 }, { weightDecay: 1e-4 }])('refuses %j', async (change) => {
    const { space } = spaceOf('himmelblau');
    const error = await failureOf(space.search(program([1], 0, { solver: { ...PLAIN, ...change } })));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain('plain gradient');
  });
});

describe('a drawn path', () => {
  const drawn = async (stream: string, seed = 0) => {
    const { space } = spaceOf('six-hump-camel', { seed });
    await space.placeAt('o', at(0, 0));
    await space.newPath('p', 'o', stream, 'unit');
    await space.pointFromPath('end', 'p');
    return (await space.stateOf('end')).x;
  };

  it('is of length 1 in units of the box, and the same for the same seed and stream only', async () => {
    const x = await drawn('direction/a');
    expect(Math.hypot(x[0] / 6, x[1] / 4)).toBeCloseTo(1, 12);
    expect(await drawn('direction/a')).toEqual(x);
    expect(await drawn('direction/b')).not.toEqual(x);
    expect(await drawn('direction/a', 1)).not.toEqual(x);
  });

  it('has a direction that is uniform on the circle, in units of the box', async () => {
    const counts = new Float64Array(8);
    const { space } = spaceOf('six-hump-camel');
    await space.placeAt('o', at(0, 0));
    for (let k = 0; k < 4000; k += 1) {
      await space.newPath('p', 'o', `direction/${k}`, 'unit');
      await space.pointFromPath('end', 'p');
      const { x } = await space.stateOf('end');
      counts[Math.floor(((Math.atan2(x[1] / 4, x[0] / 6) + Math.PI) / (2 * Math.PI)) * 8) % 8] += 1;
    }
    expect(counts.reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0)).toBeLessThan(24.3); // 7 degrees: 1 in 1000
  });

  it('has no other scale', async () => {
    const { space } = spaceOf('himmelblau');
    await space.placeAt('o', at(0, 0));
    expect(await failureOf(space.newPath('p', 'o', 's', 'layer'))).toBeInstanceOf(UsageError);
    expect(await failureOf(space.newPathAlong('p', 'o', at(0, 0)))).toBeInstanceOf(UsageError);
  });
});

describe('points', () => {
  it('are measured along a segment and from each other', async () => {
    const { space, objective } = spaceOf('two-well');
    await space.placeAt('a', at(-1, 0));
    await space.copyPoint('b', 'a');
    await space.placeAt('a', at(1, 0));
    const loss = await space.segment('b', 'a', at(0, 0.25, 0.5, 1));
    expect(Array.from(loss)).toEqual(
      [
        [-1, 0],
        [-0.5, 0],
        [0, 0],
        [1, 0],
      ].map(objective.value),
    );
    expect(Array.from(await space.distances(['a', 'b']))).toEqual([0, 0.5, 0.5, 0]);
    expect(await space.probe('a')).toEqual({ loss: 0, deviation: 0 });
  });
});

/** Where an axis of Styblinski-Tang has its maximum, by Newton's method. */
function topOf({ gradient, hessian }: Objective): number {
  let top = 0.1567;
  for (let k = 0; k < 5; k += 1) top -= gradient([top, 0])[0] / hessian([top, 0])[0][0];
  return top;
}

describe('integrate', () => {
  it.each(['identity', 'levenberg-marquardt'])(
    'finds the minimum of the well that it begins in, with %s',
    async (metric) => {
      const { space } = spaceOf('two-well', { flow: { metric } });
      for (const side of [-1, 1]) {
        await space.placeAt('p', at(side * 0.2, 1.5));
        const { status, x, value, trajectory } = await space.integrate('p', { trajectory: true });
        expect(status).toBe('converged');
        expect(x[0]).toBeCloseTo(side, 7);
        expect(x[1]).toBeCloseTo(0, 7);
        expect(value).toBeCloseTo(0, 12);
        expect(Array.from(trajectory[0])).toEqual([side * 0.2, 1.5]);
        expect(trajectory.at(-1)).toEqual(x);
      }
    },
  );

  it('follows straight lines of the residuals with Gauss-Newton, as theory has it: dr/dt = -2 r', async () => {
    const { space, objective } = spaceOf('himmelblau', { flow: { metric: 'gauss-newton' } });
    const start = [2.5, 2.9];
    await space.placeAt('p', at(...start));
    const { status, trajectory, x } = await space.integrate('p', { trajectory: true });
    expect(status).toBe('converged');
    expect(x[0]).toBeCloseTo(3, 7);
    const ratio = (at: ArrayLike<number>) => {
      const [r1, r2] = objective.leastSquares?.residuals(at) ?? [];
      return r2 / r1;
    };
    for (const at of trajectory.slice(0, 20)) expect(ratio(at) / ratio(start)).toBeCloseTo(1, 2);
  });

  it('stalls where the metric of Gauss-Newton is singular', async () => {
    const { space } = spaceOf('two-well', { flow: { metric: 'gauss-newton' } });
    await space.placeAt('p', at(0, 1));
    expect((await space.integrate('p')).status).toBe('stalled');
  });

  it('needs residuals for a metric of their Jacobian', () => {
    for (const metric of ['gauss-newton', 'levenberg-marquardt']) {
      expect(() => spaceOf('rastrigin', { flow: { metric } })).toThrow(UsageError);
      expect(() => spaceOf('rastrigin', { flow: { metric } })).toThrow(`the metric ${metric} needs`);
    }
  });

  it('is pushed on from a saddle to one of the minima beside it, and says so', async () => {
    const { space } = spaceOf('two-well');
    await space.placeAt('p', at(0, 1.5)); // on the stability boundary: the flow runs into the saddle
    const { status, saddles, x } = await space.integrate('p');
    expect({ status, saddles }).toEqual({ status: 'converged', saddles: 1 });
    expect(Math.abs(x[0])).toBeCloseTo(1, 7);
  });

  it('is pushed to the side of a saddle where the objective is lower', async () => {
    const { space, objective } = spaceOf('styblinski-tang');
    const low = Math.min(...objective.minima.points.flat());
    await space.placeAt('p', at(topOf(objective), low)); // its third derivative is positive: lower on the left
    const { x, saddles } = await space.integrate('p');
    expect(saddles).toBe(1);
    for (const xi of x) expect(xi).toBeCloseTo(low, 7);
  });

  it('is pushed on from a maximum', async () => {
    const { space, objective } = spaceOf('styblinski-tang');
    await space.placeAt('p', at(topOf(objective), topOf(objective)));
    const { status, x, saddles } = await space.integrate('p');
    expect(status).toBe('converged');
    expect(saddles).toBeGreaterThan(0);
    expect(objective.minima.points.some((m) => m.every((mi, i) => Math.abs(mi - x[i]) < 1e-6))).toBe(true);
  });

  it('counts what it evaluates, and leaves the point where it is', async () => {
    const { space } = spaceOf('himmelblau');
    await space.placeAt('p', at(0, 0));
    const { evaluations, trajectory } = await space.integrate('p');
    expect(evaluations).toEqual(space.evaluations);
    expect(evaluations.gradient).toBeGreaterThan(50);
    expect(evaluations).toMatchObject({ objective: 1, hessian: 1 });
    expect(trajectory).toEqual([]);
    expect(Array.from((await space.stateOf('p')).x)).toEqual([0, 0]);
  });

  it('ends when its steps are used up', async () => {
    const objective = makeObjective({ name: 'rosenbrock', dims: 2, box: null });
    const space = new AnalyticExecutor(objective, { seed: 0, flow: { ...FLOW, maxSteps: 10 } });
    await space.placeAt('p', at(-1, -1));
    expect((await space.integrate('p')).status).toBe('outOfSteps');
  });
});
