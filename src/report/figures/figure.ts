import type { Spec as VegaSpec } from 'vega';
import type { TopLevelSpec } from 'vega-lite';

/** Picture with its numbers and a description for screen readers. Charts are pure functions from plain data to this. */
export interface Figure {
  /** File name without extension. */
  readonly name: string;
  /** Title, as a sentence. */
  readonly title: string;
  /** Description of the marks, the axes and the main numbers. */
  readonly description: string;
  readonly drawing: Drawing;
  readonly numbers: readonly Numbers[];
}

/** Specification in Vega-Lite, or in Vega for what Vega-Lite cannot express (contours). */
export type Drawing =
  | { readonly grammar: 'vega-lite'; readonly spec: TopLevelSpec }
  | { readonly grammar: 'vega'; readonly spec: VegaSpec };

/** Columns of equal length of the CSV file `name`; null is an empty cell. */
export interface Numbers {
  readonly name: string;
  readonly columns: Readonly<Record<string, ArrayLike<number | string | null>>>;
}

/** Transposes rows, which must have the same keys in the same order, into columns. */
export function numbersOf<Row extends Readonly<Record<keyof Row, number | string | null>>>(
  name: string,
  rows: readonly Row[],
): Numbers {
  const cells = rows.map((row) => Object.entries<number | string | null>(row));
  const keys = cells[0]?.map(([key]) => key) ?? [];
  return { name, columns: Object.fromEntries(keys.map((key, k) => [key, cells.map((row) => row[k][1])])) };
}
