import type { LiveView } from '../live-view';
import { Chart, legend } from './chart.js';
import { element, Part } from './element.js';
import type { ChartLine } from './plot.js';
import { listen } from './stream.js';

/** Largest number of runs shown together: each takes a connection, of which a browser has six to a server. */
export const MOST_RUNS = 4;
const HEIGHT = 300;
const NARROWEST = 200;

interface Chosen {
  readonly style: number;
  readonly end: () => void;
  view: LiveView | null;
}

type Curve = Pick<ChartLine, 'points' | 'mark'>;

/** Curves of several runs in one chart: the loss of the same training or search path of each. */
export class OverlaySection {
  readonly node: HTMLElement;
  readonly #chosen = new Map<string, Chosen>();
  readonly #curves = element('select', { id: 'curve' });
  readonly #legend = new Part<Parameters<typeof legend>[0]>(element('div'), (entries) => [legend(entries)]);
  readonly #chart = new Chart({
    title: 'Loss of the chosen runs',
    x: 'step of the training or the search',
    height: HEIGHT,
    loss: { isLogarithmic: true },
  });

  constructor() {
    const title = element('h2', {}, 'Curves of several runs');
    const choice = element('label', { class: 'choice' }, 'Curve ', this.#curves);
    this.node = element('section', { hidden: true }, title, choice, this.#legend.node, this.#chart.node);
    this.#curves.addEventListener('change', () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.node);
  }

  /** Names of the runs that are shown. */
  get chosen(): ReadonlyMap<string, unknown> {
    return this.#chosen;
  }

  /** Shows a run. @param events address of its states */
  add(name: string, events: string): void {
    const taken = new Set([...this.#chosen.values()].map(({ style }) => style));
    const style = [0, 1, 2, 3].find((one) => !taken.has(one)) ?? 0;
    const onState = (view: LiveView) => {
      const run = this.#chosen.get(name);
      if (run !== undefined) run.view = view;
      this.#draw();
      return view.isComplete;
    };
    const end = listen(events, { onState, onConnection: () => {} }); // the list's own stream says what is lost
    this.#chosen.set(name, { style, end, view: null });
    this.#draw();
  }

  remove(name: string): void {
    this.#chosen.get(name)?.end();
    this.#chosen.delete(name);
    this.#draw();
  }

  #draw(): void {
    this.node.hidden = this.#chosen.size === 0;
    const runs = [...this.#chosen].map(([name, { style, view }]) => {
      return { name, style, state: view?.state ?? 'is being read', curves: curvesOf(view) };
    });
    const wanted = this.#offer(new Set(runs.flatMap(({ curves }) => [...curves.keys()])));
    const lines = runs.flatMap(({ name, style, curves }): ChartLine[] => {
      const curve = curves.get(wanted);
      return curve === undefined ? [] : [{ name, style, ...curve }];
    });
    const until = Math.max(0, ...lines.map(({ points }) => points.at(-1)?.[0] ?? 0));
    const width = Math.max(NARROWEST, this.node.clientWidth);
    const said = runs.map(({ name, style, state, curves }) => {
      return { name, style, value: wanted === '' || curves.has(wanted) ? state : `${state}, without this curve` };
    });
    this.#legend.show(said);
    const summary = wanted === '' ? 'No curve yet.' : `Moving averages of the batch losses: ${wanted}.`;
    this.#chart.show({ lines, until, width, summary });
  }

  /** Offers curves to choose from. @returns the chosen one */
  #offer(names: ReadonlySet<string>): string {
    const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const offered = Array.from(this.#curves.options, ({ value }) => value);
    if (sorted.join() === offered.join()) return this.#curves.value;
    const before = this.#curves.value;
    this.#curves.replaceChildren(...sorted.map((name) => element('option', { value: name }, name)));
    this.#curves.value = names.has(before) ? before : (sorted.find((name) => name.startsWith(TRAINING)) ?? '');
    return this.#curves.value;
  }
}

const TRAINING = 'training of ';

function curvesOf(view: LiveView | null): ReadonlyMap<string, Curve> {
  const { trainings, searches } = view ?? { trainings: [], searches: [] };
  const trained = trainings.map(
    ({ network, loss }) => [`${TRAINING}${network}`, { points: loss, mark: null }] as const,
  );
  const searched = searches.flatMap(({ paths }) =>
    paths.map(({ name, loss, exit }) => {
      const mark = exit && ([exit.iteration, exit.loss] as const);
      return [`search path ${name}`, { points: loss, mark }] as const;
    }),
  );
  return new Map<string, Curve>([...trained, ...searched]);
}
