import { tierByTier } from '../../src/closed-form/tier-by-tier';
import { resolveAnalytic } from '../../src/config/resolve';
import { DivergedError } from '../../src/errors';
import { openAnalytic } from '../../src/run/closed-form';
import { failureOf } from '../builders';
import { fromStart, fromStarts } from '../methods/tier-by-tier';

const searched = (values: object) => {
  const config = resolveAnalytic([{ from: 'test', values }]);
  return tierByTier(openAnalytic(config).space, config);
};

describe('TRUST-TECH tier by tier', () => {
  it.each([
    ['six-hump-camel', 6, 20],
    ['himmelblau', 4, 20],
    ['rosenbrock', 2, 20],
    ['styblinski-tang', 8, 3],
    ['rastrigin', 25, 2],
  ])('finds all minima of %s: %i, from every one of %i random starts', async (preset, minima, starts) => {
    for (const { found, optima, wanted, evaluations } of await fromStarts(preset, starts)) {
      expect({ found, optima, wanted }).toEqual({ found: minima, optima: minima, wanted: minima });
      expect(evaluations.gradient).toBeGreaterThan(evaluations.hessian);
    }
  });

  it.each([0, 1, 2, 3, 4, 5])('finds all minima of six-hump-camel from its minimum %i', async (k) => {
    const { objective } = openAnalytic(resolveAnalytic([{ from: 'test', values: { preset: 'six-hump-camel' } }]));
    const { graph } = await searched({ preset: 'six-hump-camel', start: [...objective.minima.points[k]] });
    expect(graph.optima).toHaveLength(6);
    expect(graph.optima[0].x[0]).toBeCloseTo(objective.minima.points[k][0], 6);
  });

  it.each(['random', 'hessian', 'dynamic'] as const)('takes %s directions', async (direction) => {
    const { found, outcome } = await fromStart('himmelblau', 0, direction);
    expect(found).toBeGreaterThanOrEqual(3);
    expect(outcome.graph.optima).toHaveLength(found);
    expect(outcome.paths.searched).toBe(found * (direction === 'hessian' ? 4 : 16));
  });

  it('changes the directions of dynamic paths only, and little: the cosine stays near 1', async () => {
    const cosines = async (direction: 'random' | 'dynamic') =>
      (await fromStart('himmelblau', 0, direction)).outcome.graph.edges.map(({ exit }) => exit.cosine);
    for (const cosine of await cosines('random')) expect(cosine).toBeCloseTo(1, 10);
    const dynamic = await cosines('dynamic');
    expect(Math.min(...dynamic)).toBeLessThan(0.999);
    expect(dynamic.toSorted((a, b) => a - b)[Math.floor(dynamic.length / 2)]).toBeGreaterThan(0.9);
  });

  it('joins neighbours by exit points that stand higher than both', async () => {
    const { graph } = (await fromStart('six-hump-camel', 1)).outcome;
    expect(graph.edges.length).toBeGreaterThan(5);
    for (const { from, to, exit } of graph.edges) {
      expect(exit.value).toBeGreaterThan(Math.max(graph.optima[from].value, graph.optima[to].value));
    }
  });

  it('accounts for every path', async () => {
    const { searched: all, ...ends } = (await fromStart('rastrigin', 0)).outcome.paths;
    expect(all).toBe(100);
    expect(Object.values(ends).reduce((a, b) => a + b)).toBe(all);
    expect(ends).toMatchObject({ new: 24, leftBox: 20 });
  });

  it('gives the same result for the same seed, and another for another', async () => {
    const [once, again, other] = await Promise.all([3, 3, 4].map((seed) => fromStart('himmelblau', seed, 'dynamic')));
    expect(again).toEqual(once);
    expect(other.outcome.start).not.toEqual(once.outcome.start);
  });

  it('stops at the tier, or the number of optima, that it is told', async () => {
    const start = [0, 0];
    const one = await searched({ preset: 'rastrigin', start, maxTiers: 1 });
    expect(one).toMatchObject({ stopped: 'maxTiers', paths: { searched: 4 } });
    expect(one.graph.optima.map(({ tier }) => tier)).toEqual([0, 1, 1, 1, 1]);
    expect((await searched({ preset: 'rastrigin', start, maxTiers: 0 })).graph.optima).toHaveLength(1);
    const few = await searched({ preset: 'rastrigin', start, maxOptima: 7 });
    expect(few.stopped).toBe('maxOptima');
    expect(few.graph.optima.length).toBeGreaterThanOrEqual(7);
    expect(few.graph.optima.length).toBeLessThan(11);
    expect((await searched({ preset: 'two-well' })).stopped).toBe('noneNew');
  });

  it('counts a LOS outside of the box, and does not take it', async () => {
    // Beyond the pass at 0 the flow of the two wells leads to -1, which this box leaves out.
    const half = { objective: { name: 'two-well', box: [-0.9, 2] }, start: [1, 0] };
    const { graph, paths } = await searched({ ...half });
    expect(graph.optima).toHaveLength(1);
    expect(paths.outside).toBe(1);
  });

  it('has no search from a start whose flow leads out of the box', async () => {
    const error = await failureOf(searched({ objective: { name: 'two-well', box: [-0.9, 2] }, start: [-0.5, 0] }));
    expect(error).toBeInstanceOf(DivergedError);
    expect(error.message).toContain('no minimum in the box');
  });
});
