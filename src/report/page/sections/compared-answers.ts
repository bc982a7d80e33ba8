import { meanOf } from '../../../comparison/statistics';
import { titleOfMethod } from '../../../methods';
import { resultEnsemble } from '../../../store/result';
import { ANSWERS, answersTable } from '../../comparison';
import { functionPlaneFigure } from '../../figures/answers/function-plane';
import type { RunView } from '../../run-view';
import type { Together } from '../parts';
import type { Section } from '../section';
import { placedIn } from './placed';

/** Members of all methods in function space, each beside the first member of its run. */
export const comparedAnswers: Section<Together> = {
  id: 'answers',
  title: 'How differently the members answer',
  blocks: ({ comparison, runs }) => {
    const compared = comparison?.answers ?? [];
    const placed = runs.flatMap((run) => placedMembers(run) ?? []);
    if (compared.length === 0 || placed.length === 0) return [];
    const figure = functionPlaneFigure({
      name: 'answers',
      title: 'Members of all methods, each beside the first member of its run',
      points: placed.flatMap(({ points }) => points),
      baseAccuracy: meanOf(placed.map(({ run }) => run.baseAccuracy)),
      classes: placed[0].run.classes,
    });
    return [
      { kind: 'table', caption: 'Means and standard errors over seeds', table: answersTable(compared) },
      { kind: 'text', text: ANSWERS },
      { kind: 'figure', figure },
    ];
  },
};

function placedMembers(run: RunView) {
  if (run.kind !== 'network' || run.result === null) return null;
  const title = titleOfMethod(run.result.method);
  return placedIn(run, resultEnsemble(run.result).members, () => title);
}
