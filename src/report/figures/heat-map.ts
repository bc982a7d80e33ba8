import type { TopLevelSpec } from 'vega-lite';
import { counted, fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { SHADES } from './style';

/** Symmetric matrix of a measure between every two networks; null where it was not measured. */
export interface HeatMap {
  readonly name: string;
  readonly title: string;
  /** Legend title of the measure, such as `output correlation`. */
  readonly measure: string;
  readonly networks: readonly string[];
  readonly matrix: readonly (readonly (number | null)[])[];
  readonly digits: number;
  /** Value that the shades reach at least, so that values close together look so. */
  readonly reach: number;
}

interface Cell {
  readonly network: string;
  readonly other: string;
  readonly value: number | null;
}

const SIDE = 300;
/** Number of networks above which numbers no longer fit into the cells. */
const MOST_WITH_NUMBERS = 8;

/** Draws the measure between every two networks as shades; the diagonal stays empty. */
export function heatMapFigure(map: HeatMap): Figure {
  const { name, title, networks, matrix } = map;
  const cells = networks.flatMap((network, a) =>
    networks.map((other, b) => ({ network, other, value: a === b ? null : matrix[a][b] })),
  );
  const pairs = cells.filter((_, i) => Math.floor(i / networks.length) > i % networks.length);
  return {
    name,
    title,
    description: describe(map, pairs),
    drawing: { grammar: 'vega-lite', spec: specOf(map, cells, rangeOf(pairs, map.reach)) },
    numbers: [numbersOf(name, pairs)],
  };
}

/** Returns the values between which the shades lie: from 0, as on a scale of its own any difference would look large. */
function rangeOf(pairs: readonly Cell[], reach: number): readonly [number, number] {
  const values = pairs.flatMap(({ value }) => value ?? []);
  return [Math.min(0, ...values), Math.max(reach, ...values)];
}

function specOf(map: HeatMap, cells: readonly Cell[], [low, high]: readonly [number, number]): TopLevelSpec {
  const { title, measure, networks, digits } = map;
  const axis = { title: null, domain: false, ticks: false, grid: false };
  const x = { field: 'other', type: 'nominal' as const, sort: [...networks], axis: { ...axis, labelAngle: -45 } };
  const y = { field: 'network', type: 'nominal' as const, sort: [...networks], axis };
  const scale = { type: 'linear' as const, domain: low < high ? [low, high] : [low, low + 1], range: [...SHADES] };
  const legend = { title: measure, orient: 'bottom' as const, gradientLength: SIDE - 100, format: `.${digits}f` };
  const measured = cells.filter(({ value }) => value !== null);
  const numbers = {
    data: { values: measured.map((cell) => ({ ...cell, label: fixed(cell.value, digits) })) },
    mark: { type: 'text' as const, fontSize: networks.length > 6 ? 9 : 10 },
    encoding: {
      x,
      y,
      text: { field: 'label' },
      color: { condition: { test: `datum.value > ${(low + high) / 2}`, value: '#ffffff' }, value: '#111111' },
    },
  };
  const shades = {
    data: { values: measured },
    mark: { type: 'rect' as const },
    encoding: { x, y, color: { field: 'value', type: 'quantitative' as const, scale, legend } },
  };
  return {
    title: { text: lines(title, 44) },
    width: SIDE,
    height: SIDE,
    layer: networks.length > MOST_WITH_NUMBERS ? [shades] : [shades, numbers],
  };
}

function describe({ measure, networks, digits }: HeatMap, pairs: readonly Cell[]): string {
  const measured = pairs.filter(({ value }) => value !== null);
  if (measured.length === 0)
    return `A table of shades: no ${measure} between ${counted(networks.length, 'network')} was measured.`;
  const ordered = measured.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
  const says = ({ network, other, value }: Cell) => `${fixed(value, digits)} (${network} and ${other})`;
  const [least, most] = [ordered[0], ordered[ordered.length - 1]];
  return `A table of shades: ${measure} between every two of ${counted(networks.length, 'network')}, from ${says(least)} to ${says(most)}.`;
}
