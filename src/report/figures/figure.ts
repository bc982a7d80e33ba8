import type { Spec as VegaSpec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

/** A picture, in words for who cannot see it, and its numbers. Charts are pure functions from plain data to this. */
export interface Figure {
  /** What its file is called, without the ending. */
  readonly name: string;
  /** What it shows, as a sentence. */
  readonly title: string;
  /** What can be seen in it: marks, axes and the main numbers. */
  readonly description: string;
  readonly drawing: Drawing;
  readonly numbers: readonly Numbers[];
}

/** Vega where Vega-Lite has no word for it (contours). */
export type Drawing =
  | { readonly grammar: 'vega-lite'; readonly spec: TopLevelSpec }
  | { readonly grammar: 'vega'; readonly spec: VegaSpec };

/** Columns of equal length, to be written as a CSV file of this name; null is an empty cell. */
export interface Numbers {
  readonly name: string;
  readonly columns: Readonly<Record<string, ArrayLike<number | string | null>>>;
}

/** Rows of the same keys, in the same order, as columns. */
export function numbersOf<Row extends Readonly<Record<keyof Row, number | string | null>>>(
  name: string,
  rows: readonly Row[],
): Numbers {
  const cells = rows.map((row) => Object.entries<number | string | null>(row));
  const keys = cells[0]?.map(([key]) => key) ?? [];
  return { name, columns: Object.fromEntries(keys.map((key, k) => [key, cells.map((row) => row[k][1])])) };
}
