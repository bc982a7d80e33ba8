import fc from 'fast-check';
import { axes, bothWays } from '../../src/closed-form/directions';
import { indexOfLos, type LosExit, newGraph, reach } from '../../src/closed-form/los-graph';

const BOX = { lower: [-3, -2], upper: [3, 2] };
const TOLERANCE = 1e-3;
const exit = (path: string): LosExit => ({ x: [0.5, 0], value: 2, path, rho1: 0.1, distance: 0.1, cosine: 1 });
const at = (...x: readonly number[]) => ({ x, value: 0 });

describe('the graph of LOSs', () => {
  const start = newGraph(BOX, TOLERANCE, at(0, 0));

  it('makes a LOS seen for the first time a child, a tier below', () => {
    const one = reach(start, 0, exit('los0-1'), at(1, 0));
    const two = reach(one.graph, 1, exit('los1-1'), at(2, 0));
    expect([one.reached, two.reached]).toEqual(['new', 'new']);
    expect(two.graph.optima.map(({ tier, parent }) => ({ tier, parent }))).toEqual([
      { tier: 0, parent: null },
      { tier: 1, parent: 0 },
      { tier: 2, parent: 1 },
    ]);
    expect(two.graph.optima[2].exit).toEqual(exit('los1-1'));
  });

  it('merges a LOS found again, whose first parent and tier stay, and keeps the edge', () => {
    const { graph } = reach(start, 0, exit('a'), at(1, 0));
    const again = reach(graph, 0, exit('b'), at(1 + 0.0059, 0.0039)); // 6 and 4 wide: a thousandth of each
    const back = reach(again.graph, 1, exit('c'), at(0, 0));
    expect([again.reached, back.reached]).toEqual(['known', 'known']);
    expect(back.graph.optima).toEqual(graph.optima);
    expect(back.graph.edges.map(({ from, to, exit: { path } }) => [from, to, path])).toEqual([
      [0, 1, 'a'],
      [0, 1, 'b'],
      [1, 0, 'c'],
    ]);
  });

  it('keeps two LOSs that are farther apart than the tolerance on one axis', () => {
    expect(reach(start, 0, exit('a'), at(0, 0.0041)).reached).toBe('new');
    expect(reach(start, 0, exit('a'), at(0.0041, 0)).reached).toBe('origin');
  });

  it('keeps no edge of a path that came back, or that ended outside of the box', () => {
    for (const [x, reached] of [
      [at(0.001, 0), 'origin'],
      [at(3.1, 0), 'outside'],
      [at(0, -2.1), 'outside'],
    ] as const) {
      expect(reach(start, 0, exit('a'), x)).toEqual({ graph: start, reached });
    }
    expect(reach(start, 0, exit('a'), at(3, -2)).reached).toBe('new'); // its faces belong to the box
  });

  it('joins known LOSs only, one tier apart at most downwards, in whatever order they are found', () => {
    const ends = fc.array(fc.tuple(fc.nat(), fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })));
    fc.assert(
      fc.property(ends, (found) => {
        let graph = start;
        for (const [from, x, y] of found) graph = reach(graph, from % graph.optima.length, exit('p'), at(x, y)).graph;
        const places = graph.optima.map(({ x }) => x.join());
        expect(new Set(places).size).toBe(places.length);
        for (const [k, { parent, tier, x }] of graph.optima.entries()) {
          expect(indexOfLos(graph, x)).toBe(k);
          if (parent !== null)
            expect({ older: parent < k, tier }).toEqual({ older: true, tier: graph.optima[parent].tier + 1 });
        }
        for (const { from, to } of graph.edges) expect(from).not.toBe(to);
        expect(graph.edges.length).toBeGreaterThanOrEqual(graph.optima.length - 1);
      }),
    );
  });
});

describe('directions', () => {
  it('go both ways along every axis', () => {
    const rows = bothWays(axes(2)).map((v) => Array.from(v, (entry) => entry + 0));
    expect(rows).toEqual([
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]);
  });
});
