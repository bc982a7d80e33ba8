import type { TopLevelSpec } from 'vega-lite';
import { meanAndError } from '../../comparison/statistics';
import type { SweepRow } from '../../store/sweep';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { DASHES, PALETTE } from './style';

/** Three panels of figure 4: a measurement of the search and the title of its axis. */
export const SWEEP_MEASURES = [
  { key: 'iterations', title: '(a) iterations' },
  { key: 'rho1AtExit', title: '(b) rho1' },
  { key: 'distanceAtExit', title: '(c) distance from tier 0' },
] as const;

export type SweepMeasure = (typeof SWEEP_MEASURES)[number]['key'];

/** Mean of a measurement over seeds at one pair of settings; null if no path exited. */
export interface SensitivityPoint {
  readonly rho1Increment: number;
  readonly rho2TimesLr: number;
  readonly measure: SweepMeasure;
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly seeds: number;
}

/** Figure 4: sensitivity of a search to its two hyperparameters, the pace of rho1 and the calibration step rho2. */
export function sensitivityFigure(name: string, title: string, rows: readonly SweepRow[]): Figure {
  const points = sensitivityOf(rows);
  return {
    name,
    title,
    description: describe(points),
    drawing: { grammar: 'vega-lite', spec: specOf(title, points) },
    numbers: [numbersOf(`${name}-runs`, rows), numbersOf(name, points)],
  };
}

/** Computes the means over seeds by measure, rho2 and rho1 increment. */
export function sensitivityOf(rows: readonly SweepRow[]): SensitivityPoint[] {
  const increments = ascending(rows.map(({ rho1Increment }) => rho1Increment));
  const rho2s = ascending(rows.map(({ rho2TimesLr }) => rho2TimesLr));
  return SWEEP_MEASURES.flatMap(({ key: measure }) =>
    rho2s.flatMap((rho2TimesLr) =>
      increments.map((rho1Increment) => {
        const cell = rows.filter((row) => row.rho1Increment === rho1Increment && row.rho2TimesLr === rho2TimesLr);
        const summary = meanAndError(cell.map((row) => row[measure]));
        const { mean = null, standardError = null, n: seeds = 0 } = summary ?? {};
        return { rho1Increment, rho2TimesLr, measure, mean, standardError, seeds };
      }),
    ),
  );
}

function specOf(title: string, points: readonly SensitivityPoint[]): TopLevelSpec {
  const marks = points.map((point) => ({
    ...point,
    rho2: label(point.rho2TimesLr),
    low: point.mean === null ? null : point.mean - (point.standardError ?? 0),
    high: point.mean === null ? null : point.mean + (point.standardError ?? 0),
  }));
  const domain = [...new Set(marks.map(({ rho2 }) => rho2))];
  const legend = { title: 'rho2 / lr0', symbolType: 'stroke' };
  const x = {
    field: 'rho1Increment',
    type: 'quantitative' as const,
    title: 'increment of rho1 per iteration',
    scale: { type: 'log' as const, nice: false },
    axis: { values: ascending(points.map(({ rho1Increment }) => rho1Increment)), labelAngle: -45, format: '~g' },
  };
  const color = { field: 'rho2', type: 'nominal' as const, legend, scale: { domain, range: [...PALETTE] } };
  const strokeDash = { field: 'rho2', type: 'nominal' as const, legend, scale: { domain, range: DASHES } };
  return {
    title: { text: lines(title, 110), subtitle: 'at the exit point; means over seeds, bars: standard errors' },
    spacing: 34,
    hconcat: SWEEP_MEASURES.map(({ key, title: axis }) => ({
      width: 230,
      height: 230,
      data: { values: marks.filter(({ measure }) => measure === key) },
      layer: [
        {
          mark: { type: 'line' as const, strokeWidth: 1.8, point: { size: 36, filled: true } },
          encoding: { x, y: { field: 'mean', type: 'quantitative' as const, title: axis }, color, strokeDash },
        },
        {
          mark: { type: 'rule' as const },
          encoding: { x, y: { field: 'low', type: 'quantitative' as const }, y2: { field: 'high' }, color },
        },
      ],
    })),
  };
}

function label(rho2TimesLr: number): string {
  return String(rho2TimesLr);
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function describe(points: readonly SensitivityPoint[]): string {
  const words = SWEEP_MEASURES.map(({ key, title }) => {
    const means = points.flatMap(({ measure, mean }) => (measure === key && mean !== null ? [mean] : []));
    if (means.length === 0) return `${title}: nowhere measured`;
    return `${title}: ${Math.min(...means).toPrecision(3)} to ${Math.max(...means).toPrecision(3)}`;
  });
  const count = (values: readonly number[]) => new Set(values).size;
  return (
    `Three panels over ${count(points.map((p) => p.rho1Increment))} increments of rho1 (logarithmic axis), one line for each of ` +
    `${count(points.map((p) => p.rho2TimesLr))} values of rho2. ${words.join('; ')}.`
  );
}
