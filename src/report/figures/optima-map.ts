import type { Mark, Spec } from 'vega';
import type { Objective } from '../../closed-form/objectives/objective';
import type { OptimaResult } from '../../store/optima';
import { fixed } from '../format';
import { lines } from '../wrap';
import { contourData, contourMark, gridOf } from './contours';
import { type Figure, numbersOf } from './figure';
import { INK, PALETTE, QUIET } from './style';

/** Draws the optima of a two-dimensional objective and the exit points that join them, on its contours. */
export function optimaMapFigure(
  name: string,
  title: string,
  result: OptimaResult,
  objective: Pick<Objective, 'value'>,
): Figure {
  const optima = result.optima.map(({ x: [x, y], value, tier }, k) => ({ optimum: k, x, y, value, tier }));
  const exits = result.edges.map(({ from, to, exit }) => ({ from, to, x: exit.x[0], y: exit.x[1], value: exit.value }));
  return {
    name,
    title,
    description: describe(result),
    drawing: { grammar: 'vega', spec: specOf(title, result, optima, exits, objective) },
    numbers: [numbersOf(name, optima), numbersOf(`${name}-exits`, exits)],
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const SIDE = 400;

function specOf(
  title: string,
  { objective: { lower, upper }, optima }: OptimaResult,
  points: readonly (Place & { readonly tier: number })[],
  exits: readonly (Place & { readonly from: number; readonly to: number })[],
  objective: Pick<Objective, 'value'>,
): Spec {
  const segments = exits.flatMap(({ x, y, from, to }) =>
    [from, to].map((end) => ({ x, y, x2: optima[end].x[0], y2: optima[end].x[1] })),
  );
  const axis = (name: 'x' | 'y', k: number, range: [number, number]) => {
    return { name, type: 'linear' as const, domain: [lower[k], upper[k]], range, zero: false, nice: false };
  };
  const tiers = [...new Set(points.map(({ tier }) => tier))];
  const size = { width: { value: SIDE }, height: { value: SIDE } };
  return {
    title: {
      text: lines(title, 60),
      subtitle: 'grey: contours, denser near the lowest optimum; discs: optima by tier; diamonds: exit points',
    },
    width: SIDE,
    height: SIDE,
    data: [
      contourData(gridOf(objective, { lower, upper }), SIDE),
      { name: 'segments', values: segments },
      { name: 'exits', values: [...exits] },
      { name: 'optima', values: [...points] },
    ],
    scales: [
      axis('x', 0, [0, SIDE]),
      axis('y', 1, [SIDE, 0]),
      { name: 'tier', type: 'ordinal', domain: tiers, range: [...PALETTE] },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: 'x', tickCount: 6 },
      { orient: 'left', scale: 'y', title: 'y', tickCount: 6 },
    ],
    legends: [{ fill: 'tier', title: 'tier', orient: 'top', direction: 'horizontal', symbolType: 'circle' }],
    marks: [{ type: 'group', clip: true, encode: { update: size }, marks: [contourMark()] }, ...marks()],
  };
}

function marks(): Mark[] {
  const at = { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } };
  const to = { x2: { scale: 'x', field: 'x2' }, y2: { scale: 'y', field: 'y2' } };
  const line = { stroke: { value: QUIET }, strokeWidth: { value: 1.5 }, strokeOpacity: { value: 0.6 } };
  const diamond = { shape: { value: 'diamond' }, size: { value: 60 }, fill: { value: INK } };
  const disc = { size: { value: 150 }, fill: { scale: 'tier', field: 'tier' } };
  const number = {
    text: { field: 'optimum' },
    dx: { value: 10 },
    dy: { value: -8 },
    fontWeight: { value: 'bold' as const },
  };
  return [
    { type: 'rule', from: { data: 'segments' }, encode: { enter: { ...at, ...to, ...line } } },
    { type: 'symbol', from: { data: 'exits' }, encode: { enter: { ...at, ...diamond } } },
    { type: 'symbol', from: { data: 'optima' }, encode: { enter: { ...at, ...disc } } },
    { type: 'text', from: { data: 'optima' }, encode: { enter: { ...at, ...number } } },
  ];
}

function describe({ optima, edges, objective }: OptimaResult): string {
  const lowest = optima.reduce((a, b) => (b.value < a.value ? b : a));
  const place = lowest.x.map((xi) => fixed(xi, 4)).join(', ');
  return (
    `A map of ${objective.name} on its contours: ${optima.length} optima, the lowest at (${place}) with value ` +
    `${fixed(lowest.value, 4)}, and ${edges.length} exit points through which paths crossed from one to another.`
  );
}
