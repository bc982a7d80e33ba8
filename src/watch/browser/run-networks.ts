import type { EnsembleView, LiveView, MemberView } from '../live-view';
import { element } from './element.js';
import { whole } from './numbers.js';
import { type Column, number, Table } from './table.js';

type Scores = Omit<EnsembleView, 'name' | 'members' | 'isResult'>;

const SCORES: readonly Column<Scores>[] = [
  number('validation error %', 2, ({ validationErrorPct }) => validationErrorPct),
  number('validation loss', 4, ({ validationLoss }) => validationLoss),
  number('validation RMSE', 4, ({ validationRmse }) => validationRmse),
  number('test error %', 2, ({ testErrorPct }) => testErrorPct),
  number('test loss', 4, ({ testLoss }) => testLoss),
  number('test RMSE', 4, ({ testRmse }) => testRmse),
];

/** Networks so far with their measurements, and the ensembles of the measured ones. */
export class NetworksSection {
  readonly node: HTMLElement;
  readonly #networks = new Table<MemberView>([
    { head: 'network', cell: ({ name }) => name },
    { head: 'state', cell: ({ state }) => state },
    number('batch loss, averaged', 4, ({ batchLoss }) => batchLoss),
    number('train loss', 4, ({ trainLoss }) => trainLoss),
    ...SCORES,
    number('barrier to parent', 4, ({ barrierToParent }) => barrierToParent),
  ]);
  readonly #ensembles = new Table<EnsembleView>([
    {
      head: 'ensemble',
      cell: ({ name, isResult }) => (isResult ? element('strong', {}, `${name} (the result)`) : name),
    },
    number('networks', 0, ({ members }) => members),
    ...SCORES,
  ]);
  readonly #outlook = element('p', { class: 'summary' });

  constructor() {
    const title = element('h2', {}, 'Networks and ensemble');
    this.node = element('section', {}, title, this.#networks.node, this.#outlook, this.#ensembles.node);
  }

  show({ state, members, ensembles }: Pick<LiveView, 'state' | 'members' | 'ensembles'>): void {
    const hasEnded = state === 'finished';
    this.node.hidden = members.length === 0;
    this.#networks.show(hasEnded ? 'Networks' : 'Networks so far', members);
    this.#outlook.hidden = hasEnded;
    this.#outlook.textContent = outlook(members, ensembles.length > 0);
    this.#ensembles.show(hasEnded ? 'Ensembles' : 'Ensembles so far', ensembles);
  }
}

function outlook(members: readonly MemberView[], isScored: boolean): string {
  const count = (...states: string[]) => members.filter(({ state }) => states.includes(state)).length;
  const [trained, measured] = [count('trained', 'measured'), count('measured')];
  const known = `${whole(trained)} of these ${trained === 1 ? 'is' : 'are'} trained, ${whole(measured)} measured.`;
  if (isScored) return `${known} Ensembles are of the networks measured so far.`;
  return `${known} A run measures its networks once all are trained; from the second on their ensembles are shown here.`;
}
