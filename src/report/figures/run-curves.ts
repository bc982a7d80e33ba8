import type { TopLevelSpec } from 'vega-lite';
import { counted, first, fixed } from '../format';
import { lines as wrapped } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { networkEncoding } from './networks';

/** Averaged losses of a network or path of a run, by step. */
export interface RunLine {
  /** Run, or method of several runs, whose colour and pattern the line has. */
  readonly run: string;
  /** Name that tells the line from others of the same run. */
  readonly line: string;
  readonly step: readonly number[];
  readonly loss: readonly number[];
}

/** Bounds of the number of points of a line, and of all lines; more cannot be distinguished. */
const [FEWEST, MOST, ALL] = [30, 240, 12_000];

/** Draws the losses of the same phase of several runs over each other. */
export function runCurvesFigure(name: string, title: string, x: string, lines: readonly RunLine[]): Figure {
  const rows = lines.flatMap((line) => rowsOf(line, Math.min(MOST, Math.max(FEWEST, ALL / lines.length))));
  return {
    name,
    title,
    description: describe(title, lines),
    drawing: { grammar: 'vega-lite', spec: specOf(title, x, rows) },
    numbers: [numbersOf(name, rows)],
  };
}

/** Widest label of a run in the legend. */
const LABEL = 260;

interface Row {
  readonly run: string;
  readonly line: string;
  readonly step: number;
  readonly loss: number;
}

function rowsOf({ run, line, step, loss }: RunLine, most: number): Row[] {
  const every = Math.max(1, Math.ceil(loss.length / most));
  const rows = loss.map((value, i) => ({ run, line, step: step[i], loss: value }));
  return rows.filter((row, i) => Number.isFinite(row.loss) && (i % every === 0 || i === rows.length - 1));
}

function specOf(title: string, x: string, rows: readonly Row[]): TopLevelSpec {
  const runs = [...new Set(rows.map(({ run }) => run))];
  const isPositive = rows.every(({ loss }) => loss > 0);
  const scale = isPositive ? { type: 'log' as const, nice: false } : { zero: false };
  return {
    title: { text: wrapped(title, 80), subtitle: 'moving averages of batch losses' },
    width: 560,
    height: 260,
    data: { values: [...rows] },
    mark: { type: 'line' as const, strokeWidth: 1.5 },
    encoding: {
      x: { field: 'step', type: 'quantitative' as const, title: x, scale: { nice: false } },
      y: {
        field: 'loss',
        type: 'quantitative' as const,
        title: 'batch loss',
        scale,
        axis: isPositive ? { tickCount: 5, format: '~g' } : {},
      },
      detail: { field: 'line' },
      ...networkEncoding('run', runs, runs, LABEL),
    },
  };
}

function describe(title: string, lines: readonly RunLine[]): string {
  const ends = lines.map(
    ({ run, line, loss }) => `${run}, ${line}: ${fixed(loss.at(-1), 4)} after ${loss.length} steps`,
  );
  return `${title}: ${counted(lines.length, 'line')}, which end with ${first(ends, 12)}.`;
}
