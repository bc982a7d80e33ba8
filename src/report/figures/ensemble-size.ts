import type { TopLevelSpec } from 'vega-lite';
import type { EnsembleOfSize } from '../../ensemble/growth';
import { fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { DASHES, PALETTE } from './style';

export interface EnsembleSizes {
  readonly name: string;
  readonly title: string;
  /** Axis title and decimals of the error in the first panel. */
  readonly error: { readonly title: string; readonly digits: number };
  readonly loss: string;
  /** Ensembles by split: `test`, and `validation` if the data have one. */
  readonly splits: Readonly<Record<string, readonly EnsembleOfSize[]>>;
}

/** Distance of the bars of two splits, in px, and room beyond bars as a part of their range. */
const [APART, ROOM] = [6, 0.06];

type Row = EnsembleOfSize & { readonly split: string };

/** Draws error and loss of ensembles of 1, 2, ... members, with the best and the worst of each size. */
export function ensembleSizeFigure(sizes: EnsembleSizes): Figure {
  const { name, title, splits } = sizes;
  const rows = Object.entries(splits).flatMap(([split, own]) => own.map((row) => ({ split, ...row })));
  return {
    name,
    title,
    description: describe(sizes),
    drawing: { grammar: 'vega-lite', spec: specOf(sizes, rows) },
    numbers: [numbersOf(name, rows)],
  };
}

function specOf({ title, error, loss, splits }: EnsembleSizes, rows: readonly Row[]): TopLevelSpec {
  const domain = Object.keys(splits);
  const legend = { title: null, orient: 'top' as const, symbolType: 'stroke' };
  const split = { field: 'split', type: 'nominal' as const };
  const color = { ...split, scale: { domain, range: [...PALETTE] }, legend };
  const strokeDash = { ...split, scale: { domain, range: DASHES }, legend };
  const x = { field: 'members', type: 'ordinal' as const, title: 'members', axis: { labelAngle: 0, grid: false } };
  const panel = (field: 'error' | 'loss', heading: string) => ({
    width: 250,
    height: 220,
    layer: domain.flatMap((name, k) => {
      const data = { values: rows.filter((row) => row.split === name) };
      const xOffset = APART * (k - (domain.length - 1) / 2);
      const scale = scaleOf(rows, field);
      return [
        {
          data,
          mark: { type: 'line' as const, strokeWidth: 2, xOffset, point: { size: 40, filled: true, xOffset } },
          encoding: { x, y: { ...quantity(field, heading), scale }, color, strokeDash },
        },
        {
          data,
          mark: { type: 'rule' as const, opacity: 0.55, strokeWidth: 1.5, xOffset },
          encoding: { x, y: { ...quantity(`${field}Best`, heading), scale }, y2: { field: `${field}Worst` }, color },
        },
      ];
    }),
  });
  return {
    title: {
      text: lines(title, 80),
      subtitle: 'means over the ensembles of a size; bars: the best and the worst of them',
    },
    spacing: 30,
    hconcat: [panel('error', error.title), panel('loss', loss)],
  };
}

/** Returns the scale of a panel, with room beyond the ends of the bars. */
function scaleOf(rows: readonly Row[], field: 'error' | 'loss') {
  const ends = rows.flatMap((row) => [row[`${field}Best`], row[`${field}Worst`]]).filter(Number.isFinite);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = (high - low || high || 1) * ROOM;
  return { domain: [Math.max(0, low - room), high + room], nice: false, zero: false };
}

function quantity(field: string, title: string) {
  return { field, type: 'quantitative' as const, title };
}

function describe({ splits, error, loss }: EnsembleSizes): string {
  const parts = Object.entries(splits).flatMap(([split, rows]) => {
    const [first, last] = [rows[0], rows[rows.length - 1]];
    if (first === undefined) return [];
    const ends = (one: number, all: number, digits: number) => `from ${fixed(one, digits)} to ${fixed(all, digits)}`;
    return [
      `${split}: ${error.title} ${ends(first.error, last.error, error.digits)} and ${loss} ${ends(first.loss, last.loss, 4)} ` +
        `between 1 and ${last.members} members`,
    ];
  });
  return `Two panels over the number of members. ${parts.join('; ')}.`;
}
