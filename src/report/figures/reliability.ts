import type { TopLevelSpec } from 'vega-lite';
import type { ReliabilityBin } from '../../ensemble/reliability';
import { fixed } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { DASHES, PALETTE, QUIET } from './style';

/** Reliability bins of a prediction with a label, such as `as it is` or `at temperature 0.8`. */
export interface Calibrated {
  readonly label: string;
  readonly bins: readonly ReliabilityBin[];
  readonly ecePct: number;
}

const WIDTH = 560;

/** Draws accuracy against confidence, and below it the number of samples by confidence. */
export function reliabilityFigure(name: string, title: string, all: readonly Calibrated[]): Figure {
  const rows = all.flatMap(({ label, bins }) =>
    bins.map((bin) => ({ label, ...bin, ...intervalOf(bin), isFew: bin.samples < FEW })),
  );
  return {
    name,
    title,
    description: describe(all),
    drawing: { grammar: 'vega-lite', spec: specOf(title, all, rows) },
    numbers: [
      numbersOf(
        name,
        rows.map(({ isFew: _, ...row }) => row),
      ),
    ],
  };
}

type Row = ReliabilityBin & Interval & { readonly label: string; readonly isFew: boolean };

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Samples of a bin below which its point says little. */
const FEW = 10;
/** 97.5 % quantile of the normal distribution. */
const Z = 1.96;

/** Returns Wilson's 95 % interval of the part that is right: it stays within 0 to 1, and is wide for few samples. */
function intervalOf({ accuracy, samples }: ReliabilityBin): Interval {
  const shrunk = 1 + Z ** 2 / samples;
  const centre = (accuracy + Z ** 2 / (2 * samples)) / shrunk;
  const half = (Z / shrunk) * Math.sqrt((accuracy * (1 - accuracy)) / samples + Z ** 2 / (4 * samples ** 2));
  return { low: centre - half, high: centre + half };
}

function specOf(title: string, all: readonly Calibrated[], rows: readonly Row[]): TopLevelSpec {
  const domain = all.map(({ label }) => label);
  const legend = { title: null, orient: 'top' as const, symbolType: 'stroke' };
  const label = { field: 'label', type: 'nominal' as const };
  const color = { ...label, scale: { domain, range: [...PALETTE] }, legend };
  const strokeDash = { ...label, scale: { domain, range: DASHES }, legend };
  const part = { domain: [0, 1], nice: false };
  const confidence = (heading: string | null) => ({ ...quantity('confidence', heading), scale: part });
  const diagonal = {
    data: {
      values: [
        { confidence: 0, accuracy: 0 },
        { confidence: 1, accuracy: 1 },
      ],
    },
    mark: { type: 'line' as const, color: QUIET, strokeDash: [2, 3], strokeWidth: 1 },
    encoding: { x: confidence(null), y: { ...quantity('accuracy', ACCURACY), scale: part } },
  };
  const curves = {
    mark: { type: 'line' as const, strokeWidth: 2 },
    encoding: { x: confidence(null), y: { ...quantity('accuracy', ACCURACY), scale: part }, color, strokeDash },
  };
  const points = (test: boolean) => ({
    transform: [{ filter: { field: 'isFew', equal: test } }],
    mark: { type: 'point' as const, size: 45, opacity: 1, filled: !test, ...(test && { fill: 'white' }) },
    encoding: { x: confidence(null), y: { ...quantity('accuracy', ACCURACY), scale: part }, color },
  });
  const errors = {
    mark: { type: 'rule' as const, strokeWidth: 1.2, opacity: 0.7 },
    encoding: { x: confidence(null), y: { ...quantity('low', ACCURACY), scale: part }, y2: { field: 'high' }, color },
  };
  const counts = {
    transform: [{ filter: { field: 'label', equal: domain[0] } }],
    mark: { type: 'bar' as const, color: PALETTE[0] },
    encoding: {
      x: { ...quantity('from', 'confidence of the answer'), scale: part, bin: { binned: true } },
      x2: { field: 'to' },
      y: { ...quantity('samples', 'samples'), scale: { type: 'sqrt' as const, nice: true }, axis: { tickCount: 3 } },
    },
  };
  return {
    title: {
      text: lines(title, 60),
      subtitle: `dotted: as often right as it is sure; bars: 95 % intervals; hollow: fewer than ${FEW} samples; below, samples by confidence (root scale)`,
    },
    data: { values: [...rows] },
    spacing: 14,
    vconcat: [
      { width: WIDTH, height: 280, layer: [diagonal, curves, errors, points(false), points(true)] },
      { width: WIDTH, height: 80, ...counts },
    ],
  };
}

const ACCURACY = 'part that is right';

function quantity(field: string, title: string | null) {
  return { field, type: 'quantitative' as const, title };
}

function describe(all: readonly Calibrated[]): string {
  const parts = all.map(({ label, bins, ecePct }) => {
    const most = bins.toSorted((a, b) => b.samples - a.samples)[0];
    const samples = bins.reduce((sum, bin) => sum + bin.samples, 0);
    const sure =
      most === undefined
        ? ''
        : `; ${most.samples} of ${samples} samples have a confidence of ${fixed(most.from, 2)} to ${fixed(most.to, 2)}, and ` +
          `${fixed(100 * most.accuracy, 1)} % of them are right`;
    return `${label}: expected calibration error ${fixed(ecePct, 2)} %${sure}`;
  });
  return `The part of answers that are right, over their confidence, in ${all[0]?.bins.length ?? 0} bins with samples. ${parts.join('. ')}.`;
}
