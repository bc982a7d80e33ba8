import type { TopLevelSpec } from 'vega-lite';
import { brief, first, steps as thousands } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { PALETTE } from './style';

/** PhaseBar of a run: its purpose, its gradient evaluations and its duration. */
export interface PhaseBar {
  readonly name: string;
  readonly kind: string;
  readonly steps: number;
  readonly seconds: number;
}

const ROW = 24;

/** Draws the use of a run's budget in order: a bar a network or search, as long as its gradient evaluations. */
export function timeLineFigure(name: string, title: string, stretches: readonly PhaseBar[]): Figure {
  let from = 0;
  const rows = stretches.map((stretch) => {
    const start = from;
    from += stretch.steps;
    return { ...stretch, from: start, to: from };
  });
  return {
    name,
    title,
    description: describe(rows),
    drawing: { grammar: 'vega-lite', spec: specOf(title, rows, from) },
    numbers: [numbersOf(name, rows)],
  };
}

type Row = PhaseBar & { readonly from: number; readonly to: number };

function specOf(title: string, rows: readonly Row[], total: number): TopLevelSpec {
  const labelled = rows.map((row) => ({
    ...row,
    label: `${thousands(row.steps)} steps, ${brief(row.seconds)}`,
    isLate: row.to > 0.7 * total,
  }));
  const y = {
    field: 'name',
    type: 'nominal' as const,
    title: null,
    sort: rows.map((row) => row.name),
    axis: { grid: false },
  };
  const scale = { domain: [0, total], nice: false };
  const x = { field: 'from', type: 'quantitative' as const, title: 'gradient evaluations', scale };
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const color = {
    field: 'kind',
    type: 'nominal' as const,
    scale: { domain: kinds, range: [...PALETTE] },
    legend: kinds.length > 1 ? { title: null, orient: 'top' as const, symbolType: 'square' } : null,
  };
  const text = (isLate: boolean) => ({
    transform: [{ filter: `datum.isLate === ${isLate}` }],
    mark: {
      type: 'text' as const,
      align: isLate ? ('right' as const) : ('left' as const),
      dx: isLate ? -6 : 6,
      fontSize: 10,
    },
    encoding: { y, x: { ...x, field: isLate ? 'from' : 'to' }, text: { field: 'label' } },
  });
  const bars = { mark: { type: 'bar' as const, height: 14 }, encoding: { x, x2: { field: 'to' }, y, color } };
  return {
    title: { text: lines(title, 80) },
    width: 560,
    height: { step: ROW },
    data: { values: labelled },
    layer: [bars, text(false), text(true)],
  };
}

function describe(rows: readonly Row[]): string {
  const total = rows.reduce((sum, { steps }) => sum + steps, 0);
  const parts = rows.map(({ name, steps, seconds }) => `${name}: ${thousands(steps)} steps in ${brief(seconds)}`);
  return `Bars one after the other along ${thousands(total)} gradient evaluations. ${first(parts, 12, '; ')}.`;
}
