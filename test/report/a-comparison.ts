import { summarised } from '../../src/comparison/rows';
import type { Comparison, ComparisonRow, Contrast, Score } from '../../src/store/comparison';

export function aScore(seed: number, over: Partial<Score['values']> = {}): Score {
  const values = {
    members: 1,
    steps: 1500,
    testErrorPct: 3,
    testRmse: null,
    testLoss: 0.1,
    calibratedTestLoss: 0.09,
    ecePct: 1,
    outputCorrelation: null,
    parameterDistance: null,
    seconds: 12,
    ...over,
  };
  return { seed, run: `runs/${seed}`, values };
}

export function aRow(title: string, scores: readonly Score[], over: Partial<ComparisonRow> = {}): ComparisonRow {
  const row = { name: title, title, method: title, ensemble: title, failures: [], scores: [...scores] };
  return { ...summarised(row), ...over };
}

export function aContrast(row: string, over: Partial<Contrast> = {}): Contrast {
  return {
    row,
    measure: 'testLoss',
    n: 7,
    mean: -0.02,
    interval: [-0.03, -0.01],
    p: 0.002,
    holmP: 0.004,
    bootstrap: [-0.04, 0.01],
    ...over,
  };
}

export function aComparison(over: Partial<Comparison> = {}): Comparison {
  return { schema: 1, dataset: 'wine', baseline: null, rows: [], contrasts: [], ...over };
}
