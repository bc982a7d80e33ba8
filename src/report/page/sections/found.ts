import type { NetworkView } from '../../run-view';
import { summary } from '../../summary';
import { classScoreRows, ensembleRows, memberRows } from '../../tables';
import type { Section } from '../section';

/** Ensembles and networks that a run found. */
export const found: Section<NetworkView> = {
  id: 'found',
  title: 'What was found',
  blocks: ({ result }) => {
    if (result === null) return [];
    const byClass = classScoreRows(result);
    return [
      { kind: 'text', text: capitalised(summary(result)) },
      { kind: 'table', caption: 'Ensembles', table: ensembleRows(result) },
      { kind: 'table', caption: 'Networks', table: memberRows(result) },
      ...(byClass === null ? [] : [{ kind: 'table', caption: 'Scores by class', table: byClass } as const]),
    ];
  },
};

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
