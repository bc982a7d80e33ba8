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

const WIDTH = 420;

/** Draws accuracy against confidence, and below it the number of samples by confidence. */
export function reliabilityFigure(name: string, title: string, all: readonly Calibrated[]): Figure {
  const rows = all.flatMap(({ label, bins }) => bins.map((bin) => ({ label, ...bin })));
  return {
    name,
    title,
    description: describe(all),
    drawing: { grammar: 'vega-lite', spec: specOf(title, all, rows) },
    numbers: [numbersOf(name, rows)],
  };
}

type Row = ReliabilityBin & { readonly label: string };

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
    mark: { type: 'line' as const, strokeWidth: 2, point: { size: 40, filled: true } },
    encoding: { x: confidence(null), y: { ...quantity('accuracy', ACCURACY), scale: part }, color, strokeDash },
  };
  const counts = {
    transform: [{ filter: { field: 'label', equal: domain[0] } }],
    mark: { type: 'bar' as const, color: PALETTE[0] },
    encoding: {
      x: { ...quantity('from', 'confidence of the answer'), scale: part, bin: { binned: true } },
      x2: { field: 'to' },
      y: { ...quantity('samples', 'samples'), scale: { type: 'sqrt' as const }, axis: { tickCount: 3 } },
    },
  };
  return {
    title: {
      text: lines(title, 60),
      subtitle: 'dotted: as often right as it is sure; below, samples by confidence (root scale)',
    },
    data: { values: [...rows] },
    spacing: 14,
    vconcat: [
      { width: WIDTH, height: 280, layer: [diagonal, curves] },
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
