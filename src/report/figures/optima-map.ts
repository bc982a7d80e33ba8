import type { TopLevelSpec } from 'vega-lite';
import type { OptimaResult } from '../../store/optima';
import { fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { INK, PALETTE, QUIET } from './style';

/** Draws the optima of a two-dimensional objective and the exit points that join them. */
export function optimaMapFigure(name: string, title: string, result: OptimaResult): Figure {
  const optima = result.optima.map(({ x: [x, y], value, tier }, k) => ({ optimum: k, x, y, value, tier }));
  const exits = result.edges.map(({ from, to, exit }) => ({ from, to, x: exit.x[0], y: exit.x[1], value: exit.value }));
  return {
    name,
    title,
    description: describe(result),
    drawing: { grammar: 'vega-lite', spec: specOf(title, result, optima, exits) },
    numbers: [numbersOf(name, optima), numbersOf(`${name}-exits`, exits)],
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function specOf(
  title: string,
  { objective, optima }: OptimaResult,
  points: readonly Place[],
  exits: readonly (Place & { readonly from: number; readonly to: number })[],
): TopLevelSpec {
  const axis = (field: 'x' | 'y', k: number) => ({
    field,
    type: 'quantitative' as const,
    title: field,
    scale: { domain: [objective.lower[k], objective.upper[k]], nice: false },
  });
  const at = { x: axis('x', 0), y: axis('y', 1) };
  const segments = exits.flatMap(({ x, y, from, to }) =>
    [from, to].map((end) => ({ x, y, x2: optima[end].x[0], y2: optima[end].x[1] })),
  );
  const tier = { field: 'tier', type: 'nominal' as const, title: 'tier', scale: { range: [...PALETTE] } };
  return {
    title: { text: lines(title, 60), subtitle: 'discs: optima by tier; diamonds: exit points between them' },
    width: 400,
    height: 400,
    layer: [
      {
        data: { values: segments },
        mark: { type: 'rule' as const, color: QUIET, opacity: 0.5 },
        encoding: { ...at, x2: { field: 'x2' }, y2: { field: 'y2' } },
      },
      {
        data: { values: [...exits] },
        mark: { type: 'point' as const, shape: 'diamond', filled: true, size: 40, color: INK },
        encoding: at,
      },
      {
        data: { values: [...points] },
        mark: { type: 'circle' as const, size: 150, opacity: 1 },
        encoding: { ...at, color: tier },
      },
      {
        data: { values: [...points] },
        mark: { type: 'text' as const, dx: 12, dy: -8 },
        encoding: { ...at, text: { field: 'optimum' } },
      },
    ],
  };
}

function describe({ optima, edges, objective }: OptimaResult): string {
  const lowest = optima.reduce((a, b) => (b.value < a.value ? b : a));
  const place = lowest.x.map((xi) => fixed(xi, 4)).join(', ');
  return (
    `A map of ${objective.name}: ${optima.length} optima, the lowest at (${place}) with value ${fixed(lowest.value, 4)}, and ` +
    `${edges.length} exit points through which paths crossed from one to another.`
  );
}
