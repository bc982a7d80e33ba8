import type { TopLevelSpec } from 'vega-lite';
import { meanAndError } from '../../comparison/statistics';
import { meanWithError } from '../format';
import { lines } from '../wrap';
import { type Figure, numbersOf } from './figure';
import { INK, PALETTE } from './style';

/** Scores of a method's ensemble with one seed. */
export interface MethodScore {
  readonly method: string;
  readonly seed: number;
  readonly error: number | null;
  readonly loss: number | null;
}

export interface MethodScores {
  readonly name: string;
  readonly title: string;
  readonly error: { readonly title: string; readonly digits: number };
  readonly scores: readonly MethodScore[];
}

/** Draws error and loss by method: a small point a seed, the mean, and its standard error as a bar. */
export function methodScoresFigure(data: MethodScores): Figure {
  const { name, title, scores } = data;
  const means = meansOf(scores);
  return {
    name,
    title,
    description: describe(data, means),
    drawing: { grammar: 'vega-lite', spec: specOf(data, means) },
    numbers: [numbersOf(`${name}-means`, means), numbersOf(name, scores)],
  };
}

const MEASURES = ['error', 'loss'] as const;

function meansOf(scores: readonly MethodScore[]) {
  const methods = [...new Set(scores.map(({ method }) => method))];
  return methods.flatMap((method) =>
    MEASURES.flatMap((measure) => {
      const summary = meanAndError(scores.filter((one) => one.method === method).map((one) => one[measure]));
      if (summary === null) return [];
      const half = summary.standardError ?? 0;
      return [{ method, measure, ...summary, low: summary.mean - half, high: summary.mean + half }];
    }),
  );
}

type Mean = ReturnType<typeof meansOf>[number];

function specOf({ title, error, scores }: MethodScores, means: readonly Mean[]): TopLevelSpec {
  const sort = [...new Set(scores.map(({ method }) => method))];
  const panel = (measure: Mean['measure'], heading: string, isFirst: boolean) => {
    const axis = { grid: true, labels: isFirst, ticks: isFirst, labelLimit: 220 };
    const y = { field: 'method', type: 'nominal' as const, title: null, sort, axis };
    const x = (field: string) => ({
      field,
      type: 'quantitative' as const,
      title: heading,
      scale: { zero: false, padding: 9 },
    });
    return {
      width: 250,
      height: { step: 34 },
      data: { values: means.filter((mean) => mean.measure === measure) },
      layer: [
        {
          data: { values: scores.filter((score) => score[measure] !== null) },
          mark: { type: 'circle' as const, size: 22, opacity: 0.5, color: PALETTE[0], yOffset: 8 },
          encoding: { x: x(measure), y },
        },
        {
          mark: { type: 'rule' as const, strokeWidth: 2, color: INK },
          encoding: { x: x('low'), x2: { field: 'high' }, y },
        },
        {
          mark: { type: 'point' as const, filled: true, size: 70, opacity: 1, color: PALETTE[1], stroke: INK },
          encoding: { x: x('mean'), y },
        },
      ],
    };
  };
  return {
    title: { text: lines(title, 80), subtitle: 'large: means, bars: standard errors over seeds; small: each seed' },
    spacing: 24,
    hconcat: [panel('error', error.title, true), panel('loss', 'test loss', false)],
  };
}

function describe({ error }: MethodScores, means: readonly Mean[]): string {
  const digits = { error: error.digits, loss: 4 };
  const names = { error: error.title, loss: 'test loss' };
  const parts = means.map(
    (mean) => `${mean.method}: ${names[mean.measure]} ${meanWithError(mean, digits[mean.measure])}`,
  );
  return `Two panels with a row a method: means, standard errors and single seeds. ${parts.join('; ')}.`;
}
