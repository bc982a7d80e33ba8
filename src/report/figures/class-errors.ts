import type { TopLevelSpec } from 'vega-lite';
import { first, fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { INK, PALETTE } from './style';

/** Errors on the test samples of one class: of the ensemble, and of its members on average (`...Pct` in percent). */
export interface ClassError {
  readonly name: string;
  readonly samples: number;
  readonly errors: number;
  readonly errorPct: number;
  readonly membersErrorPct: number;
  /** Class most often predicted wrongly, and its count; null if there was no error. */
  readonly confusedWith: string | null;
  readonly times: number;
}

/** Maximum number of bars; the classes with the highest errors are drawn. */
const MOST = 30;

/** Draws errors by class: bars for the ensemble, diamonds for its members' mean. */
export function classErrorsFigure(name: string, title: string, classes: readonly ClassError[]): Figure {
  const worst = classes.toSorted((a, b) => b.errorPct - a.errorPct);
  const shown = classes.length > MOST ? worst.slice(0, MOST) : classes;
  return {
    name,
    title,
    description: describe(classes, worst),
    drawing: { grammar: 'vega-lite', spec: specOf(title, shown, classes.length) },
    numbers: [numbersOf(name, classes)],
  };
}

function specOf(title: string, shown: readonly ClassError[], all: number): TopLevelSpec {
  const y = {
    field: 'name',
    type: 'nominal' as const,
    title: null,
    sort: shown.map(({ name }) => name),
    axis: { grid: false, labelLimit: 200 },
  };
  const x = (field: string) => ({ field, type: 'quantitative' as const, title: 'test error (%)' });
  const rest = all > shown.length ? `; the ${shown.length} worst of ${all} classes` : '';
  return {
    title: { text: lines(title, 70), subtitle: `bars: the ensemble; diamonds: its members, on average${rest}` },
    width: 460,
    height: { step: 22 },
    data: { values: [...shown] },
    layer: [
      { mark: { type: 'bar' as const, height: 13, color: PALETTE[0] }, encoding: { x: x('errorPct'), y } },
      {
        mark: {
          type: 'point' as const,
          shape: 'diamond',
          size: 60,
          filled: true,
          color: PALETTE[1],
          opacity: 1,
          stroke: INK,
        },
        encoding: { x: x('membersErrorPct'), y },
      },
    ],
  };
}

function describe(classes: readonly ClassError[], worst: readonly ClassError[]): string {
  const says = ({ name, errorPct, errors, samples }: ClassError) =>
    `${name} (${fixed(errorPct, 1)} %, ${errors} of ${samples})`;
  const mistaken = worst.filter(({ errors }) => errors > 0);
  const most = mistaken.length === 0 ? 'None has an error.' : `Most errors: ${first(mistaken.map(says), 3)}.`;
  return (
    `Bars of the ensemble's test error for each of ${classes.length} classes, and diamonds of its members' mean. ` +
    most
  );
}
