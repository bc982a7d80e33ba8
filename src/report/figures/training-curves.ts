import type { TopLevelSpec } from 'vega-lite';
import { TRAINING_DECAY } from '../../curves/curve';
import type { ValidationPoint } from '../../executor/executor';
import { averaged, NO_VALUES } from '../../trust-tech/moving-average';
import { counted, first, fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { networkEncoding } from './networks';

/** Learning rate and batch loss of one network by step, and its loss on the validation split where it was measured. */
export interface TrainedNetwork {
  readonly network: string;
  readonly step: ArrayLike<number>;
  readonly lr: ArrayLike<number>;
  readonly loss: ArrayLike<number>;
  readonly validation: readonly ValidationPoint[];
}

interface Row {
  readonly network: string;
  readonly step: number;
  readonly lr: number;
  readonly loss: number;
  readonly average: number;
}

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
  const points = trainings.flatMap(({ network, validation }) => validation.map((point) => ({ network, ...point })));
  return {
    name,
    title,
    description: describe(rows) + describePoints(trainings),
    drawing: { grammar: 'vega-lite', spec: specOf(title, rows, points, networks) },
    numbers: [numbersOf(name, rows.flat()), ...(points.length > 0 ? [numbersOf(`${name}-validation`, points)] : [])],
  };
}

/** Computes the bias-corrected moving average, which starts at the first loss. */
function rowsOf({ network, step, lr, loss }: TrainedNetwork): Row[] {
  let average = NO_VALUES;
  return Array.from(loss, (value, i) => {
    average = averaged(average, value, TRAINING_DECAY);
    return { network, step: step[i], lr: lr[i], loss: value, average: average.value };
  });
}

type Point = ValidationPoint & { readonly network: string };

function specOf(
  title: string,
  all: readonly (readonly Row[])[],
  points: readonly Point[],
  networks?: readonly string[],
): TopLevelSpec {
  const drawn = all.flatMap((rows) => {
    const every = Math.max(1, Math.ceil(rows.length / DRAWN));
    return rows.filter(({ average }, i) => Number.isFinite(average) && (i % every === 0 || i === rows.length - 1));
  });
  const domain = all.flatMap((rows) => rows[0]?.network ?? []);
  const { color, strokeDash } = networkEncoding('network', domain, networks);
  const steps = Math.max(1, ...[...drawn, ...points].map(({ step }) => step));
  const x = (heading: string | null) => ({ ...quantity('step', heading), scale: { domain: [0, steps], nice: false } });
  const line = { type: 'line' as const, strokeWidth: 1.8 };
  const measured = points.filter(({ loss }) => Number.isFinite(loss));
  const isPositive = drawn.every(({ average }) => average > 0) && measured.every(({ loss }) => loss > 0);
  const scale = isPositive ? { type: 'log' as const, nice: false } : { zero: false };
  const axis = isPositive ? { tickCount: 5, format: '~g' } : {};
  const loss = (field: string) => ({ x: x(null), y: { ...quantity(field, 'loss'), scale, axis }, color });
  const validation = {
    data: { values: measured },
    layer: [
      { mark: { ...line, strokeWidth: 0.8 }, encoding: { ...loss('loss'), strokeDash } },
      { mark: { type: 'point' as const, size: 22, fill: 'white' }, encoding: loss('loss') },
    ],
  };
  const circles = measured.length > 0 ? '; circles: loss on the validation split' : '';
  return {
    title: {
      text: lines(title, 80),
      subtitle: `moving averages of batch losses${circles}; below, the learning rate`,
    },
    spacing: 0,
    data: { values: drawn },
    vconcat: [
      {
        width: 540,
        height: 240,
        layer: [
          { mark: line, encoding: { ...loss('average'), strokeDash } },
          ...(measured.length > 0 ? [validation] : []),
        ],
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

function describePoints(trainings: readonly TrainedNetwork[]): string {
  const ends = trainings.flatMap(({ network, validation }) => {
    const last = validation.at(-1);
    return last === undefined ? [] : [`${network} ${fixed(last.loss, 4)} after ${last.step} steps`];
  });
  return ends.length === 0 ? '' : ` Circles show the loss on the validation split, at last: ${first(ends, 12)}.`;
}
