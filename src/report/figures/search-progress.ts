import type { TopLevelSpec } from 'vega-lite';
import { fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { DASHES, INK, PALETTE } from './style';

/** Measurements of the network at one step of a search path: losses in nats, errors in percent. */
export interface PathProgress {
  /** Iteration of the search; 0 for the tier-0 optimum itself. */
  readonly iteration: number;
  readonly rho1: number;
  readonly distance: number;
  readonly cosine: number;
  readonly trainLoss: number;
  readonly testLoss: number;
  readonly trainErrorPct: number | null;
  readonly testErrorPct: number | null;
}

export interface SearchProgress {
  readonly name: string;
  readonly title: string;
  readonly measure: 'loss' | 'error rate';
  readonly points: readonly PathProgress[];
  readonly exit: { readonly iteration: number; readonly rho1: number } | null;
}

const WIDTH = 560;
const SPLITS = ['training set', 'test set'] as const;

/** Figures 3a and 3b: loss or error rate on the training and the test set along one search path, rho1 below. */
export function searchProgressFigure({ name, title, measure, points, exit }: SearchProgress): Figure {
  const rows = points.flatMap((point) => [
    { iteration: point.iteration, split: SPLITS[0], value: measure === 'loss' ? point.trainLoss : point.trainErrorPct },
    { iteration: point.iteration, split: SPLITS[1], value: measure === 'loss' ? point.testLoss : point.testErrorPct },
  ]);
  const axis = measure === 'loss' ? 'cross-entropy (nats)' : 'error rate (%)';
  return {
    name,
    title,
    description: describe(points, measure, exit),
    drawing: { grammar: 'vega-lite', spec: specOf(title, axis, rows, points, exit) },
    numbers: [
      numbersOf(
        name,
        points.map((point) => ({ ...point, exit: point === atExit(points, exit) ? 1 : 0 })),
      ),
    ],
  };
}

interface Row {
  readonly iteration: number;
  readonly split: string;
  readonly value: number | null;
}

function specOf(
  title: string,
  axis: string,
  rows: readonly Row[],
  points: readonly PathProgress[],
  exit: SearchProgress['exit'],
): TopLevelSpec {
  const exits = { values: exit === null ? [] : [{ iteration: exit.iteration, label: 'exit point' }] };
  const x = {
    field: 'iteration',
    type: 'quantitative' as const,
    scale: { domain: [0, points[points.length - 1].iteration], nice: false },
  };
  const rule = (title: string | null) => ({
    data: exits,
    mark: { type: 'rule' as const, color: INK, strokeDash: [4, 3] },
    encoding: { x: { ...x, title } },
  });
  const label = {
    data: exits,
    mark: { type: 'text' as const, dy: -7 },
    encoding: { x: { ...x, title: null }, y: { value: 0 }, text: { field: 'label' } },
  };
  const rho1 = {
    data: { values: [...points] },
    mark: { type: 'line' as const, color: INK, strokeWidth: 1.5 },
    encoding: { x: { ...x, title: BELOW }, y: { ...quantity('rho1', 'rho1'), axis: { tickCount: 4 } } },
  };
  return {
    title: { text: lines(title, 80) },
    spacing: 14,
    vconcat: [
      { width: WIDTH, height: 260, layer: [splitLines(rows, axis, { ...x, title: null }), rule(null), label] },
      { width: WIDTH, height: 80, layer: [rho1, rule(BELOW)] },
    ],
  };
}

const BELOW = 'search iteration';

/** Draws one line a split. */
function splitLines<X>(rows: readonly Row[], axis: string, x: X) {
  const split = { field: 'split', type: 'nominal' as const, legend: { orient: 'top' as const, title: null } };
  const domain = [...SPLITS];
  const color = { ...split, scale: { domain, range: PALETTE.slice(0, 2) } };
  const strokeDash = { ...split, scale: { domain, range: DASHES.slice(0, 2) } };
  return {
    data: { values: [...rows] },
    mark: { type: 'line' as const, strokeWidth: 2 },
    encoding: { x, y: quantity('value', axis), color, strokeDash },
  };
}

function quantity(field: string, title: string) {
  return { field, type: 'quantitative' as const, title };
}

/** Returns the measured point nearest to the exit. */
function atExit(points: readonly PathProgress[], exit: SearchProgress['exit']): PathProgress | undefined {
  if (exit === null) return undefined;
  const away = ({ iteration }: PathProgress) => Math.abs(iteration - exit.iteration);
  return points.reduce((a, b) => (away(b) < away(a) ? b : a));
}

function describe(
  points: readonly PathProgress[],
  measure: SearchProgress['measure'],
  exit: SearchProgress['exit'],
): string {
  const [first, last] = [points[0], points[points.length - 1]];
  const value = (point: PathProgress, split: 'train' | 'test') => {
    if (measure === 'loss') return `${fixed(split === 'train' ? point.trainLoss : point.testLoss, 3)} nats`;
    return `${fixed(split === 'train' ? point.trainErrorPct : point.testErrorPct, 1)} %`;
  };
  const at = atExit(points, exit);
  const ends = (point: PathProgress) =>
    `${value(point, 'train')} on the training set and ${value(point, 'test')} on the test set`;
  const middle =
    at === undefined ? '' : `, near the exit point (iteration ${at.iteration}, rho1 ${fixed(at.rho1, 2)}) ${ends(at)}`;
  const missing = exit === null ? ' No exit point was found.' : '';
  return (
    `Two lines over the iterations of a search path: the ${measure} is ${ends(first)} at the tier-0 optimum${middle}, and ` +
    `${ends(last)} at iteration ${last.iteration}. A second panel shows rho1, from 0 to ${fixed(last.rho1, 2)}.${missing}`
  );
}
