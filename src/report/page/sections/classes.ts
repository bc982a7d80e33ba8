import { meanOf } from '../../../comparison/statistics';
import { type ClassErrors, classErrors, confusion } from '../../../ensemble/class-errors';
import { kindOf } from '../../../ensemble/task-kind';
import { resultEnsemble } from '../../../store/result';
import { type ClassError, classErrorsFigure } from '../../figures/class-errors';
import { confusionFigure } from '../../figures/confusion';
import type { NetworkView } from '../../run-view';
import type { Section } from '../section';
import { answersOf } from './measures';

/** Errors by class, each with the class it is most often confused with, and the table of all answers. */
export const classes: Section<NetworkView> = {
  id: 'classes',
  title: 'Errors by class',
  blocks: ({ result, outputs: { test }, config, opened }) => {
    if (result === null || test === null || kindOf(config.loss) !== 'classes') return [];
    const ensemble = resultEnsemble(result);
    const answers = answersOf(ensemble, test);
    if (answers === null) return [];
    const single = ensemble.members.flatMap((member) => {
      const outputs = test.outputs.get(member);
      return outputs === undefined ? [] : [classErrors(outputs, test.targets)];
    });
    const nameOf = (index: number) => opened?.classes[index] ?? String(index);
    const errors = classErrors(answers, test.targets).map((own, k) =>
      named(
        own,
        single.map((member) => member[k]),
        nameOf,
      ),
    );
    const wrong = errors.reduce((sum, one) => sum + one.errors, 0);
    const title = `${ensemble.name} mistakes ${wrong} of ${test.targets.length} test samples`;
    const counts = confusion(answers, test.targets);
    const names = counts.map((_, index) => nameOf(index));
    const figures = [
      classErrorsFigure('classes', title, errors),
      confusionFigure('confusion', `Answers of ${ensemble.name} by class`, names, counts),
    ];
    return figures.map((figure) => ({ kind: 'figure', figure }));
  },
};

function named(own: ClassErrors, members: readonly ClassErrors[], nameOf: (index: number) => string): ClassError {
  const pct = ({ errors, samples }: ClassErrors) => (100 * errors) / samples;
  return {
    name: nameOf(own.of),
    samples: own.samples,
    errors: own.errors,
    errorPct: pct(own),
    membersErrorPct: meanOf(members.map(pct)),
    confusedWith: own.confusedWith && nameOf(own.confusedWith.of),
    times: own.confusedWith?.times ?? 0,
  };
}
