import { kindOf } from '../../../ensemble/task-kind';
import type { NetworkView } from '../../run-view';
import { summary } from '../../summary';
import { classScoreRows, ensembleRows, memberRows } from '../../tables';
import type { Section } from '../section';

const CAPTIONS = { classes: 'Scores by class', labels: 'Scores of labels', numbers: '' } as const;

/** Ensembles and networks that a run found. */
export const found: Section<NetworkView> = {
  id: 'found',
  title: 'What was found',
  blocks: ({ result, config }) => {
    if (result === null) return [];
    const byClass = classScoreRows(result);
    return [
      { kind: 'text', text: capitalised(summary(result)) },
      { kind: 'table', caption: 'Ensembles', table: ensembleRows(result) },
      { kind: 'table', caption: 'Networks', table: memberRows(result) },
      ...(byClass === null ? [] : [{ kind: 'table', caption: CAPTIONS[kindOf(config.loss)], table: byClass } as const]),
    ];
  },
};

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
