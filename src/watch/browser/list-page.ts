import type { RunList, RunState, RunSummary } from '../live-view';
import { type Child, element } from './element.js';
import { whole } from './numbers.js';
import { MOST_RUNS, OverlaySection } from './overlay.js';
import { type Column, number, Table } from './table.js';

/** Run of the list, with its place among those whose curves are shown. */
interface Row extends RunSummary {
  readonly isChosen: boolean;
  readonly canBeChosen: boolean;
}

/** Page with all runs of a folder, and the curves of those that its reader chooses. */
export class ListPage {
  readonly #runs = new Table<Row>([
    {
      head: 'run',
      cell: ({ name }) => element('a', { href: hrefOf(name), id: `run-${name}` }, name),
      order: ({ name }) => name,
    },
    { head: 'curves', cell: (row) => this.#choice(row) },
    { head: 'state', cell: ({ state, problem }) => stateOf(state, problem), order: ({ state }) => state },
    words('method', ({ method }) => method),
    words('data', ({ dataset }) => dataset),
    {
      head: 'seed',
      isNumber: true,
      cell: ({ seed }) => (seed === null ? '-' : String(seed)),
      order: ({ seed }) => seed,
    },
    { head: 'steps', isNumber: true, cell: progressOf, order: ({ steps }) => steps },
    sortable(number('networks', 0, ({ members }) => members)),
    sortable(number('test error %', 2, ({ testErrorPct }) => testErrorPct)),
    sortable(number('test loss', 4, ({ testLoss }) => testLoss)),
  ]);
  readonly #none = element('p');
  readonly #overlay = new OverlaySection();
  #list: RunList | null = null;

  constructor(main: HTMLElement) {
    main.replaceChildren(this.#none, this.#runs.node, this.#overlay.node);
  }

  show(list: RunList): void {
    this.#list = list;
    const { title, runs } = list;
    const going = runs.filter(({ state }) => state === 'running').length;
    const said = `${whole(runs.length)} runs, ${going === 0 ? 'none of them going on' : `${whole(going)} going on`}`;
    this.#none.textContent = runs.length === 0 ? `There is no run in ${title}: one that begins is shown here.` : '';
    const { chosen } = this.#overlay;
    const isFull = chosen.size >= MOST_RUNS;
    const rows = runs.map((run): Row => {
      const isChosen = chosen.has(run.name);
      return { ...run, isChosen, canBeChosen: run.steps !== null && (isChosen || !isFull) };
    });
    this.#runs.show(said, rows);
  }

  #choice({ name, isChosen, canBeChosen }: Row): Child {
    const label = `show the curves of ${name}`;
    const attributes = { type: 'checkbox', id: `curves-${name}`, checked: isChosen, disabled: !canBeChosen };
    const box = element('input', { ...attributes, 'aria-label': label });
    box.addEventListener('change', () => {
      if (box.checked) this.#overlay.add(name, `${hrefOf(name)}events`);
      else this.#overlay.remove(name);
      if (this.#list !== null) this.show(this.#list);
    });
    return box;
  }
}

function hrefOf(name: string): string {
  return `run/${encodeURIComponent(name)}/`;
}

function words(head: string, text: (row: Row) => string | null): Column<Row> {
  return { head, cell: (row) => text(row) ?? '-', order: text };
}

function sortable(column: Column<Row>): Column<Row> {
  return { ...column, order: column.exact };
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
