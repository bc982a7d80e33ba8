import type { LiveView, SettingView } from '../live-view';
import { element, Part } from './element.js';
import { SearchSection, stylesOf, TrainingSection } from './run-curves.js';
import { NetworksSection } from './run-networks.js';
import { settingsOf } from './run-settings.js';
import { headOf, numbersOf, type RunNumbers, STATES, type Told, toldOf } from './run-state.js';
import { type StopOptions, stopButton } from './stop-button.js';

/** Page of one run. Each new state redraws only what has changed; focus and selection elsewhere are kept. */
export class RunPage {
  readonly #head = new Part<Pick<LiveView, 'state' | 'about' | 'hasReport'>>(
    element('section', { class: 'head' }),
    headOf,
  );
  readonly #stop = new Part<StopOptions | null>(element('div', { class: 'stop' }), (options) =>
    options === null ? [] : [stopButton(options)],
  );
  readonly #told = new Part<Told>(element('section', { class: 'told' }), toldOf);
  readonly #news = new Part<string>(element('p', { class: 'visually-hidden', role: 'status' }), (words) => [words]);
  readonly #numbers = new Part<RunNumbers>(element('dl', { class: 'numbers' }), numbersOf);
  readonly #searches = element('div');
  readonly #tiers = new Map<number, SearchSection>();
  readonly #training = new TrainingSection();
  readonly #networks = new NetworksSection();
  readonly #settings = new Part<readonly SettingView[]>(element('section'), settingsOf);
  #view: LiveView | null = null;

  constructor(main: HTMLElement) {
    const top = element('div', { class: 'top' }, this.#head.node, this.#stop.node);
    main.replaceChildren(top, this.#news.node, this.#told.node, this.#numbers.node);
    main.append(this.#searches, this.#training.node, this.#networks.node, this.#settings.node);
    new ResizeObserver(() => this.#drawCurves()).observe(main);
    setInterval(() => this.#drawNumbers(), 1000); // "Last written ... ago" grows without a new state
  }

  show(view: LiveView): void {
    this.#view = view;
    const { state, stoppable, resume, about, hasReport, problem, note } = view;
    document.title = `${STATES[state]}: ${view.name} - dsptt`;
    this.#head.show({ state, about, hasReport });
    this.#stop.show(stoppable === null ? null : { pid: stoppable, resume });
    this.#told.show({ state, problem, note, resume });
    this.#news.show(newsOf(view));
    this.#drawNumbers();
    this.#drawCurves();
    this.#networks.show(view);
    this.#settings.show(view.settings);
  }

  #drawNumbers(): void {
    if (this.#view === null) return;
    const { state, phase, progress, ensembles, isComplete, about } = this.#view;
    const now = isComplete ? 0 : Math.floor(Date.now() / 1000);
    this.#numbers.show({ state, phase, progress, ensembles, now });
    this.#numbers.node.hidden = about === null;
  }

  #drawCurves(): void {
    if (this.#view === null) return;
    const { searches, trainings } = this.#view;
    const styles = stylesOf(this.#view);
    const width = Math.max(NARROWEST, this.#searches.clientWidth);
    for (const search of searches) this.#tier(search.tier).show(search, styles, width);
    this.#training.show(trainings, styles, width);
  }

  #tier(tier: number): SearchSection {
    const known = this.#tiers.get(tier);
    if (known !== undefined) return known;
    const section = new SearchSection(tier);
    this.#tiers.set(tier, section);
    this.#searches.append(section.node);
    return section;
  }
}

/** Minimum width in px, because the page has no width before its layout. */
const NARROWEST = 200;

/** Returns the text that a screen reader announces whenever it changes. */
function newsOf({ state, phase, searches }: LiveView): string {
  const names = searches.flatMap(({ paths }) => paths.flatMap(({ name, exit }) => (exit === null ? [] : [name])));
  const exits = names.length === 0 ? [] : [`Exits found by ${names.join(', ')}`];
  return [STATES[state], ...(phase === null ? [] : [phase.name]), ...exits].join('. ');
}
