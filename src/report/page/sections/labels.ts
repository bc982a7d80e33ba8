import { meanOf } from '../../../comparison/statistics';
import { scoresByLabel } from '../../../ensemble/label-scores';
import { kindOf } from '../../../ensemble/task-kind';
import { resultEnsemble } from '../../../store/result';
import { fixed } from '../../format';
import type { NetworkView } from '../../run-view';
import type { Section } from '../section';
import { answersOf } from './measures';

const HEAD = ['label', 'samples with it', 'error %', 'mean error of members %', 'F1 %', 'AUC'];

/** Errors and scores by label, of the ensemble and of its members on average. */
export const labels: Section<NetworkView> = {
  id: 'labels',
  title: 'Errors by label',
  blocks: ({ result, outputs: { test }, config, opened }) => {
    if (result === null || test === null || kindOf(config.loss) !== 'labels') return [];
    const ensemble = resultEnsemble(result);
    const answers = answersOf(ensemble, test);
    if (answers === null) return [];
    const { targets, perSample } = test;
    const single = ensemble.members.flatMap((member) => {
      const outputs = test.outputs.get(member);
      return outputs === undefined ? [] : [scoresByLabel(outputs, targets, perSample)];
    });
    const all = scoresByLabel(answers, targets, perSample);
    const pct = (errors: number) => (100 * errors) / (targets.length / perSample);
    const rows = all.map(({ positives, errors, f1Pct, auc }, label) => [
      opened?.classes[label] ?? String(label),
      String(positives),
      fixed(pct(errors), 2),
      fixed(meanOf(single.map((member) => pct(member[label].errors))), 2),
      fixed(f1Pct, 2),
      fixed(auc, 4),
    ]);
    const wrong = all.reduce((sum, { errors }) => sum + errors, 0);
    const text = `${ensemble.name} decides ${wrong} of ${targets.length} labels of the test samples wrongly, each by whether its probability is above 0.5.`;
    return [
      { kind: 'text', text },
      { kind: 'table', caption: 'Labels', table: { head: HEAD, rows, texts: 1 } },
    ];
  },
};
