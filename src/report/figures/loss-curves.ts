import type { TopLevelSpec } from 'vega-lite';
import type { LossCurves } from '../../curves/curve';
import { naturally } from '../../natural-order';
import { averaged, type MovingAverage, NO_VALUES } from '../../trust-tech/moving-average';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { networkEncoding } from './networks';
import { INK } from './style';

interface Row {
  readonly iteration: number;
  readonly path: string;
  readonly round: number;
  readonly loss: number;
  readonly average: number;
  readonly rho1: number;
}

/**
 * Draws loss and rho1 along every search path of a tier, with exits marked.
 * @param networks all networks of the run, whose order gives each its colour; by default the paths drawn
 */
export function lossCurvesFigure(name: string, title: string, data: LossCurves, networks?: readonly string[]): Figure {
  const rows = rowsOf(data);
  const exits = data.exits.flatMap(({ path, step }) =>
    rows.filter((row) => row.path === path && row.iteration === step),
  );
  return {
    name,
    title,
    description: describe(rows, exits),
    drawing: { grammar: 'vega-lite', spec: specOf(title, rows, exits, networks) },
    numbers: [
      numbersOf(
        name,
        rows.map((row) => ({ ...row, exit: exits.includes(row) ? 1 : 0 })),
      ),
    ],
  };
}

/** Adds to each iteration the exit detector's moving average of its path, which restarts in every round. */
function rowsOf({ path, round, loss, rho1, decay }: LossCurves): Row[] {
  const averages = new Map<string, MovingAverage>();
  return path.map((name, iteration) => {
    const stretch = `${name} ${round[iteration]}`;
    const average = averaged(averages.get(stretch) ?? NO_VALUES, loss[iteration], decay);
    averages.set(stretch, average);
    return {
      iteration,
      path: name,
      round: round[iteration],
      loss: loss[iteration],
      average: average.value,
      rho1: rho1[iteration],
    };
  });
}

function specOf(
  title: string,
  rows: readonly Row[],
  exits: readonly Row[],
  networks?: readonly string[],
): TopLevelSpec {
  const subtitle = 'points: batch losses; lines: their moving averages; diamonds: exit points';
  const { batches, curves, crosses } = layersOf(rows, exits, networks);
  const isOne = isCommon(rows);
  const rho1 = isOne ? 'rho1 (all)' : 'rho1';
  const pace = isOne ? commonPace(rows, rho1) : curves('rho1', rho1, BELOW);
  return {
    title: { text: lines(title, 80), subtitle },
    spacing: 14,
    vconcat: [
      { width: 560, height: 260, layer: [batches, curves('average', LOSS, null), crosses('average', LOSS, null, 130)] },
      { width: 560, height: 80, layer: [pace, crosses('rho1', rho1, BELOW, 80)] },
    ],
  };
}

/** True if all paths have one pace: their lines of rho1 would lie on each other. */
function isCommon(rows: readonly Row[]): boolean {
  const isOneRound = rows.every(({ round }) => round === rows[0].round);
  return isOneRound && rows.every(({ rho1 }, i) => i === 0 || rho1 >= rows[i - 1].rho1);
}

function commonPace(rows: readonly Row[], title: string) {
  return {
    data: { values: [...rows] },
    mark: { type: 'line' as const, strokeWidth: 1.8, color: INK },
    encoding: {
      x: { field: 'iteration', type: 'quantitative' as const, title: BELOW },
      y: { field: 'rho1', type: 'quantitative' as const, title },
    },
  };
}

/** Maximum number of drawn batch losses; more cannot be distinguished. */
const DRAWN = 2000;

const LOSS = 'batch loss';
const BELOW = "iteration of the tier's search";

function layersOf(rows: readonly Row[], exits: readonly Row[], networks?: readonly string[]) {
  const domain = [...new Set(rows.map(({ path }) => path))].sort(naturally);
  const { color, strokeDash } = networkEncoding('path', domain, networks);
  const scale = { domain: [0, rows.length], nice: false };
  const axes = (field: string, y: string, x: string | null) => ({
    x: { field: 'iteration', type: 'quantitative' as const, title: x, scale },
    y: { field, type: 'quantitative' as const, title: y, scale: { zero: field === 'rho1' } },
    color,
  });
  const data = { values: [...rows] };
  const every = Math.ceil(rows.length / DRAWN);
  const drawn = rows.filter((_, i) => i % every === 0);
  const cross = { type: 'point' as const, shape: 'diamond', stroke: INK, strokeWidth: 1.5, filled: true, opacity: 1 };
  return {
    batches: {
      // without averaging (decay 0) the points would lie on the line
      data: { values: drawn.filter(({ loss, average }) => loss !== average) },
      mark: { type: 'circle' as const, size: 14, opacity: 0.55 },
      encoding: axes('loss', LOSS, null),
    },
    curves: (field: string, y: string, x: string | null) => ({
      data,
      mark: { type: 'line' as const, strokeWidth: 1.8 },
      encoding: { ...axes(field, y, x), strokeDash, detail: { field: 'round' } },
    }),
    crosses: (field: string, y: string, x: string | null, size: number) => ({
      data: { values: [...exits] },
      mark: { ...cross, size },
      encoding: axes(field, y, x),
    }),
  };
}

function describe(rows: readonly Row[], exits: readonly Row[]): string {
  const paths = new Set(rows.map(({ path }) => path)).size;
  const where = exits.map(
    ({ path, iteration, average }) => `${path} at iteration ${iteration} with loss ${average.toFixed(3)}`,
  );
  const found = where.length === 0 ? 'No path passed an exit point' : `Exit points: ${where.join(', ')}`;
  return `Batch losses, their moving averages and, in a second panel, rho1 along ${paths} search paths over ${rows.length} iterations. ${found}.`;
}
