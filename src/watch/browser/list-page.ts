import type { RunList, RunState, RunSummary } from '../live-view';
import { type Child, element } from './element.js';
import { whole } from './numbers.js';
import { number, Table } from './table.js';

/** Page with all runs of a folder. */
export class ListPage {
  readonly #runs = new Table<RunSummary>([
    { head: 'run', cell: ({ name }) => element('a', { href: `run/${encodeURIComponent(name)}/` }, name) },
    { head: 'state', cell: ({ state, problem }) => stateOf(state, problem) },
    { head: 'method', cell: ({ method }) => method ?? '-' },
    { head: 'data', cell: ({ dataset }) => dataset ?? '-' },
    { head: 'seed', isNumber: true, cell: ({ seed }) => (seed === null ? '-' : String(seed)) },
    { head: 'steps', isNumber: true, cell: progressOf },
    number('networks', 0, ({ members }) => members),
    number('test error %', 2, ({ testErrorPct }) => testErrorPct),
    number('test loss', 4, ({ testLoss }) => testLoss),
  ]);
  readonly #none = element('p');

  constructor(main: HTMLElement) {
    main.replaceChildren(this.#none, this.#runs.node);
  }

  show({ title, runs }: RunList): void {
    const going = runs.filter(({ state }) => state === 'running').length;
    const words = `${whole(runs.length)} runs, ${going === 0 ? 'none of them going on' : `${whole(going)} going on`}`;
    this.#none.textContent = runs.length === 0 ? `There is no run in ${title}: one that begins is shown here.` : '';
    this.#runs.show(words, runs);
  }
}

function stateOf(state: RunState, problem: string | null): Child {
  const badge = element('span', { class: `state ${state}` }, state);
  return problem === null ? badge : element('span', {}, badge, ' ', element('span', { class: 'problem' }, problem));
}

function progressOf({ steps, total, state }: RunSummary): Child {
  if (steps === null) return '-';
  if (total === null || state === 'finished') return whole(steps);
  return element(
    'span',
    {},
    element('progress', { max: total, value: Math.min(steps, total), 'aria-label': 'steps done' }),
    ` ${whole(steps)} of ${whole(total)}`,
  );
}
