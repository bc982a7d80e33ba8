import type { NetworkView } from '../../run-view';
import { summary } from '../../summary';
import { ensembleRows, memberRows } from '../../tables';
import type { Section } from '../section';

/** Ensembles and networks that a run found. */
export const found: Section<NetworkView> = {
  id: 'found',
  title: 'What was found',
  blocks: ({ result }) =>
    result === null
      ? []
      : [
          { kind: 'text', text: capitalised(summary(result)) },
          { kind: 'table', caption: 'Ensembles', table: ensembleRows(result) },
          { kind: 'table', caption: 'Networks', table: memberRows(result) },
        ],
};

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
