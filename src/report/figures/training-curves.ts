import type { TopLevelSpec } from 'vega-lite';
import { counted, first, fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { networkEncoding } from './networks';

/** TrainedNetwork of one network: learning rate and batch loss by step. */
export interface TrainedNetwork {
  readonly network: string;
  readonly step: ArrayLike<number>;
  readonly lr: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
}

interface Row {
  readonly network: string;
  readonly step: number;
  readonly lr: number;
  readonly loss: number;
  readonly average: number;
}

/** Weight of the past in the drawn moving average. */
const DECAY = 0.9;
/** Maximum number of points a line; more cannot be distinguished. */
const DRAWN = 240;

/**
 * Draws the training loss of every network as moving averages on a logarithmic axis, and the learning rate.
 * @param networks all networks of the run, whose order gives each its colour; by default those drawn
 */
export function trainingCurvesFigure(
  name: string,
  title: string,
  trainings: readonly TrainedNetwork[],
  networks?: readonly string[],
): Figure {
  const rows = trainings.map(rowsOf);
  return {
    name,
    title,
    description: describe(rows),
    drawing: { grammar: 'vega-lite', spec: specOf(title, rows, networks) },
    numbers: [numbersOf(name, rows.flat())],
  };
}

/** Computes the bias-corrected moving average, which starts at the first loss. */
function rowsOf({ network, step, lr, loss }: TrainedNetwork): Row[] {
  let [sum, weight] = [0, 0];
  return Array.from(loss, (value, i) => {
    [sum, weight] = [DECAY * sum + (1 - DECAY) * value, DECAY * weight + (1 - DECAY)];
    return { network, step: step[i], lr: lr[i], loss: value, average: sum / weight };
  });
}

function specOf(title: string, all: readonly (readonly Row[])[], networks?: readonly string[]): TopLevelSpec {
  const drawn = all.flatMap((rows) => {
    const every = Math.max(1, Math.ceil(rows.length / DRAWN));
    return rows.filter(({ average }, i) => Number.isFinite(average) && (i % every === 0 || i === rows.length - 1));
  });
  const domain = all.flatMap((rows) => rows[0]?.network ?? []);
  const { color, strokeDash } = networkEncoding('network', domain, networks);
  const steps = Math.max(1, ...drawn.map(({ step }) => step));
  const x = (heading: string | null) => ({ ...quantity('step', heading), scale: { domain: [0, steps], nice: false } });
  const line = { type: 'line' as const, strokeWidth: 1.8 };
  const isPositive = drawn.every(({ average }) => average > 0);
  const scale = isPositive ? { type: 'log' as const, nice: false } : { zero: false };
  const axis = isPositive ? { tickCount: 5, format: '~g' } : {};
  return {
    title: { text: lines(title, 80), subtitle: 'moving averages of batch losses; below, the learning rate' },
    spacing: 0,
    data: { values: drawn },
    vconcat: [
      {
        width: 540,
        height: 240,
        mark: line,
        encoding: { x: x(null), y: { ...quantity('average', 'batch loss'), scale, axis }, color, strokeDash },
      },
      {
        width: 540,
        height: 70,
        mark: line,
        encoding: {
          x: x("step of the network's training"),
          y: { ...quantity('lr', 'learning rate'), axis: { tickCount: 3 } },
          color,
          strokeDash,
        },
      },
    ],
  };
}

function quantity(field: string, title: string | null) {
  return { field, type: 'quantitative' as const, title };
}

function describe(all: readonly (readonly Row[])[]): string {
  const ends = all.flatMap((rows) => {
    const last = rows.at(-1);
    if (last === undefined) return [];
    const where = Number.isFinite(last.average) ? `at ${fixed(last.average, 4)}` : 'diverged';
    return [`${last.network} ${where} after ${rows.length} steps`];
  });
  return `Lines of the training loss by step, and of the learning rate, for ${counted(all.length, 'network')}. They end with: ${first(ends, 12)}.`;
}
