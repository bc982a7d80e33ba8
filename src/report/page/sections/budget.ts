import { TIER0 } from '../../../trust-tech/names';
import { timeLineFigure } from '../../figures/time-line';
import { brief, steps } from '../../format';
import type { NetworkView, Stretch } from '../../run-view';
import type { Section } from '../section';

/** Use of the budget, tier by tier and member by member. */
export const budget: Section<NetworkView> = {
  id: 'budget',
  title: 'Where the budget went',
  blocks: ({ stretches }) => {
    const stepped = stretches.filter((stretch) => stretch.steps > 0);
    if (stepped.length === 0) return [];
    const total = stepped.reduce((sum, stretch) => sum + stretch.steps, 0);
    const shown = stepped.map((stretch) => ({ ...stretch, kind: kindOf(stretch) }));
    const figure = timeLineFigure(
      'budget',
      `${steps(total)} gradient evaluations, in the order in which they were made`,
      shown,
    );
    const measured = stretches.find(({ kind }) => kind === 'evaluation');
    const text = measured === undefined ? [] : [{ kind: 'text' as const, text: evaluationWords(measured) }];
    return [{ kind: 'figure', figure }, ...text];
  },
};

function kindOf({ kind, name }: Stretch): string {
  if (name === TIER0) return 'tier 0';
  return kind === 'search' ? 'search' : 'training';
}

function evaluationWords({ seconds }: Stretch): string {
  return `Measuring what was found (outputs, distances, barriers) took ${brief(seconds)} and no gradient evaluation.`;
}
