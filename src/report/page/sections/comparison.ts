import type { Comparison } from '../../../store/comparison';
import { comparisonTable, contrastTable, contrastWords, rowWords } from '../../comparison';
import { methodScoresFigure } from '../../figures/method-scores';
import type { Together } from '../parts';
import type { Block, Section } from '../section';
import { comparedAnswers } from './compared-answers';
import { errorOf } from './measures';
import { runCurves } from './run-curves';

/** Methods side by side: means ± standard errors over seeds, and each less the baseline, paired by seed. */
const methods: Section<Together> = {
  id: 'methods',
  title: 'The methods',
  blocks: ({ comparison }) => {
    if (comparison === null) return [];
    const table = comparisonTable(comparison.rows);
    return [
      { kind: 'table', caption: 'Means and standard errors over seeds', table },
      ...rowWords(comparison.rows).map((text) => ({ kind: 'text' as const, text })),
      { kind: 'figure', figure: scoresFigure(comparison) },
    ];
  },
};

function scoresFigure({ rows }: Comparison) {
  const isRegression = rows.some(({ means }) => means.testRmse !== null);
  const { title, digits } = errorOf(isRegression ? 'numbers' : 'classes');
  const scores = rows.flatMap((row) =>
    row.scores.map(({ seed, values }) => {
      const error = (isRegression ? values.testRmse : values.testErrorPct) ?? null;
      return { method: row.title, seed, error, loss: values.testLoss ?? null };
    }),
  );
  return methodScoresFigure({
    name: 'methods',
    title: `Test error and loss of ${rows.length === 1 ? 'a method' : `${rows.length} methods`}`,
    error: { title: `test ${title}`, digits },
    scores,
  });
}

const contrasts: Section<Together> = {
  id: 'contrasts',
  title: 'Differences',
  blocks: ({ comparison }): Block[] =>
    comparison === null || comparison.contrasts.length === 0
      ? []
      : [
          { kind: 'table', caption: 'Paired by seed', table: contrastTable(comparison) },
          { kind: 'text', text: contrastWords(comparison) },
        ],
};

/** Sections of the chapter on several runs, in order. */
export const COMPARISON_SECTIONS: readonly Section<Together>[] = [methods, contrasts, comparedAnswers, runCurves];
