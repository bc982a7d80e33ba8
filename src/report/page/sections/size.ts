import type { Outputs } from '../../../ensemble/combine';
import { ensemblesBySize } from '../../../ensemble/growth';
import { kindOf } from '../../../ensemble/task-kind';
import type { KeptOutputs } from '../../../store/outputs';
import { resultEnsemble } from '../../../store/result';
import { ensembleSizeFigure } from '../../figures/ensemble-size';
import type { NetworkView } from '../../run-view';
import type { Section } from '../section';
import { errorOf } from './measures';

/** Error and loss against the number of members of the result's ensemble. */
export const size: Section<NetworkView> = {
  id: 'size',
  title: 'How many members',
  blocks: ({ result, outputs, config }) => {
    if (result === null || outputs.test === null) return [];
    const { name: ensemble, members } = resultEnsemble(result);
    if (members.length < 2) return [];
    const bySize = (kept: KeptOutputs | null) =>
      kept === null ? [] : ensemblesBySize(outputsOf(kept, members), kept.targets, config.loss);
    const validation = bySize(outputs.validation);
    const figure = ensembleSizeFigure({
      name: 'size',
      title: `Ensembles of 1 to ${members.length} members of ${ensemble}`,
      error: errorOf(kindOf(config.loss)),
      loss: kindOf(config.loss) === 'numbers' ? 'squared error' : 'cross-entropy (nats)',
      splits: { test: bySize(outputs.test), ...(validation.length > 0 && { validation }) },
    });
    return [{ kind: 'figure', figure }];
  },
};

function outputsOf({ outputs }: KeptOutputs, members: readonly string[]): Outputs[] {
  return members.flatMap((member) => outputs.get(member) ?? []);
}
