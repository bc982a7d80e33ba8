import type { LiveView, PathLine, SearchView, TrainingView } from '../live-view';
import { Chart, legend } from './chart.js';
import { element, Part } from './element.js';
import { networksOf, whole } from './numbers.js';
import { commonPace } from './pace.js';
import { type ChartLine, NEUTRAL } from './plot.js';
import { number, Table } from './table.js';

const TALL = 260;
const LOW = 120;

/** Index of the colour and pattern of each network and of the path that led to it, by name. */
export type Styles = ReadonlyMap<string, number>;

/** Assigns styles in the order of the sorted names of networks and paths. */
export function stylesOf({ searches, trainings }: Pick<LiveView, 'searches' | 'trainings'>): Styles {
  const names = [
    ...trainings.map(({ network }) => network),
    ...searches.flatMap(({ paths }) => paths.map(({ name }) => name)),
  ];
  const sorted = [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return new Map(sorted.map((name, k) => [name, k]));
}

type Legend = Parameters<typeof legend>[0];
type NamedExit = NonNullable<PathLine['exit']> & { readonly name: string };

const SEARCH = { x: "iteration of the tier's search" };
const TRAINING = { x: "step of the network's training" };

/** Search of a tier: loss and rho1 along its paths, and the exits found so far. */
export class SearchSection {
  readonly node: HTMLElement;
  readonly #legend = new Part<Legend>(element('div'), (entries) => [legend(entries)]);
  readonly #loss = new Chart({
    ...SEARCH,
    title: 'Loss along the search paths',
    height: TALL,
    loss: { isLogarithmic: false },
  });
  readonly #rho1 = new Chart({ ...SEARCH, title: 'rho1 along the search paths', height: LOW });
  readonly #exits = new Table<NamedExit>([
    { head: 'path', cell: ({ name }) => name },
    number('iteration', 0, ({ iteration }) => iteration),
    number('rho1', 3, ({ rho1 }) => rho1),
    number('loss', 4, ({ loss }) => loss),
    number('distance', 2, ({ distance }) => distance),
    number('cosine', 3, ({ cosine }) => cosine),
  ]);

  constructor(tier: number) {
    const title = element('h2', {}, `Search of tier ${tier}`);
    const charts = [this.#legend.node, this.#loss.node, this.#rho1.node];
    this.node = element('section', {}, title, ...charts, this.#exits.node);
  }

  show({ iterations: until, paths }: SearchView, styles: Styles, width: number): void {
    const exits = paths.flatMap(({ name, exit }) => (exit === null ? [] : [{ name, ...exit }]));
    const where = exits.map(({ name, iteration }) => `${name} at ${whole(iteration)}`).join(', ');
    const found = exits.length === 0 ? 'No exit yet.' : `Exits: ${where}.`;
    const style = ({ name }: PathLine) => styles.get(name) ?? 0;
    const losses = paths.map((path): ChartLine => {
      return {
        name: path.name,
        style: style(path),
        points: path.loss,
        mark: path.exit && [path.exit.iteration, path.exit.loss],
      };
    });
    const pace = commonPace(paths);
    const rho1s = paths.map((path): ChartLine => {
      return {
        name: path.name,
        style: style(path),
        points: pace === null ? path.rho1 : [],
        mark: path.exit && [path.exit.iteration, path.exit.rho1],
      };
    });
    if (pace !== null) rho1s.unshift({ name: 'all paths', style: NEUTRAL, points: pace, mark: null });
    const averages = `Moving averages of the batch losses of ${paths.length} paths over ${whole(until)} iterations; diamonds mark exits.`;
    this.#legend.show(paths.map((path) => ({ name: path.name, style: style(path), value: path.status })));
    this.#loss.show({ lines: losses, until, width, summary: `${averages} ${found}` });
    this.#rho1.show({ lines: rho1s, until, width, summary: 'How long displacements are, in lengths of the weights.' });
    this.#exits.show('Exits found', exits);
  }
}

/** Training losses of the networks so far, their learning rates, and their losses on the validation split. */
export class TrainingSection {
  readonly node: HTMLElement;
  readonly #legend = new Part<Legend>(element('div'), (entries) => [legend(entries)]);
  readonly #loss = new Chart({ ...TRAINING, title: 'Training loss', height: TALL, loss: { isLogarithmic: true } });
  readonly #rate = new Chart({ ...TRAINING, title: 'Learning rate', height: LOW });
  readonly #validation = new Chart({
    ...TRAINING,
    title: 'Loss on the validation split',
    height: TALL,
    loss: { isLogarithmic: true },
  });

  constructor() {
    const charts = [this.#legend.node, this.#loss.node, this.#rate.node];
    this.node = element('section', {}, element('h2', {}, 'Training'), ...charts);
  }

  show(trainings: readonly TrainingView[], styles: Styles, width: number): void {
    this.node.hidden = trainings.length === 0;
    const until = Math.max(0, ...trainings.map(({ steps }) => steps));
    const lines = (pointsOf: (training: TrainingView) => ChartLine['points']) =>
      trainings.map((training): ChartLine => {
        const { network: name } = training;
        return { name, style: styles.get(name) ?? 0, points: pointsOf(training), mark: null };
      });
    const losses = lines(({ loss }) => loss);
    const value = ({ steps }: TrainingView) => `${whole(steps)} steps`;
    this.#legend.show(losses.map(({ name, style }, k) => ({ name, style, value: value(trainings[k]) })));
    this.#loss.show({
      lines: losses,
      until,
      width,
      summary: `Moving averages of the batch losses of ${networksOf(trainings.length)}.`,
    });
    this.#rate.show({ lines: lines(({ lr }) => lr), until, width, summary: 'The learning rate at each step.' });
    const measured = trainings.filter(({ validation }) => validation.length > 0);
    if (measured.length > 0) this.#showValidation(measured, styles, until, width);
  }

  #showValidation(trainings: readonly TrainingView[], styles: Styles, until: number, width: number): void {
    const lines = trainings.map(({ network: name, validation: points }): ChartLine => {
      return { name, style: styles.get(name) ?? 0, points, mark: null };
    });
    if (!this.#validation.node.isConnected) this.node.append(this.#validation.node);
    const summary = `Losses of ${networksOf(lines.length)} on the validation split, measured on the way.`;
    this.#validation.show({ lines, until, width, summary });
  }
}
