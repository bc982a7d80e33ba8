import type { TopLevelSpec } from 'vega-lite';
import { first } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { GRID, INK, SHADES } from './style';

/** Number of the test samples of a class that got an answer. */
interface Cell {
  readonly of: string;
  readonly answer: string;
  readonly samples: number;
}

/** Maximum number of classes that are drawn: those with the most mistakes, as the right class or as the answer. */
const MOST = 20;
/** Number of classes above which numbers no longer fit into the cells. */
const MOST_WITH_NUMBERS = 12;
const STEP = 26;

/**
 * Draws how many samples of each class got which answer: mistakes as shades, right answers without, since there are so many
 * of them.
 * @param counts [class][answer]
 */
export function confusionFigure(
  name: string,
  title: string,
  classes: readonly string[],
  counts: readonly (readonly number[])[],
): Figure {
  const cells = counts.flatMap((row, of) =>
    row.flatMap((samples, answer) => (samples === 0 ? [] : [{ of: classes[of], answer: classes[answer], samples }])),
  );
  const mistakes = cells.filter(({ of, answer }) => of !== answer).toSorted((a, b) => b.samples - a.samples);
  const shown = classes.length > MOST ? mostMistaken(classes, mistakes) : classes;
  return {
    name,
    title,
    description: describe(classes, mistakes),
    drawing: { grammar: 'vega-lite', spec: specOf(title, shown, classes.length, cells) },
    numbers: [numbersOf(name, cells)],
  };
}

function mostMistaken(classes: readonly string[], mistakes: readonly Cell[]): string[] {
  const times = (name: string) =>
    mistakes.reduce((sum, { of, answer, samples }) => sum + (of === name || answer === name ? samples : 0), 0);
  const worst = new Set(classes.toSorted((a, b) => times(b) - times(a)).slice(0, MOST));
  return classes.filter((name) => worst.has(name));
}

function specOf(title: string, shown: readonly string[], all: number, cells: readonly Cell[]): TopLevelSpec {
  const drawn = cells.filter(({ of, answer }) => shown.includes(of) && shown.includes(answer));
  const most = Math.max(1, ...drawn.flatMap(({ of, answer, samples }) => (of === answer ? [] : samples)));
  const axis = { domain: false, ticks: false, grid: false, labelLimit: 140 };
  const sort = [...shown];
  const scale = { domain: sort };
  const x = {
    field: 'answer',
    type: 'nominal' as const,
    sort,
    scale,
    axis: { ...axis, title: 'answer', labelAngle: -45 },
  };
  const y = { field: 'of', type: 'nominal' as const, sort, scale, axis: { ...axis, title: 'class' } };
  const shades = {
    data: { values: drawn.filter(({ of, answer }) => of !== answer) },
    mark: { type: 'rect' as const },
    encoding: {
      x,
      y,
      color: {
        field: 'samples',
        type: 'quantitative' as const,
        scale: { domain: [0, most], range: [...SHADES] },
        legend: null,
      },
    },
  };
  const right = {
    data: { values: drawn.filter(({ of, answer }) => of === answer) },
    mark: { type: 'rect' as const, color: GRID },
    encoding: { x, y },
  };
  const numbers = {
    data: { values: drawn.map((cell) => ({ ...cell, isDark: cell.of !== cell.answer && cell.samples > most / 2 })) },
    mark: { type: 'text' as const, fontSize: 10 },
    encoding: {
      x,
      y,
      text: { field: 'samples' },
      color: { condition: { test: 'datum.isDark', value: '#ffffff' }, value: INK },
    },
  };
  const rest = all > shown.length ? `; the ${shown.length} most mistaken of ${all} classes` : '';
  return {
    title: { text: lines(title, 60), subtitle: `test samples by class and answer; shades: mistakes${rest}` },
    width: { step: STEP },
    height: { step: STEP },
    layer: shown.length > MOST_WITH_NUMBERS ? [right, shades] : [right, shades, numbers],
  };
}

function describe(classes: readonly string[], mistakes: readonly Cell[]): string {
  const says = ({ of, answer, samples }: Cell) => `${answer} for ${of} (${samples})`;
  const most = mistakes.length === 0 ? 'None is mistaken.' : `Most often: ${first(mistakes.map(says), 3)}.`;
  return `A table of the answers to the test samples of each of ${classes.length} classes. ${most}`;
}
