import { element, svg } from './element.js';
import { whole } from './numbers.js';
import { type ChartLine, drawn, keyOf, plotOf, touchedAt, touchedWords, valueAt } from './plot.js';
import { smoothed } from './smoothing.js';

export interface ChartOptions {
  readonly title: string;
  /** Title of the x axis. */
  readonly x: string;
  readonly height: number;
  /** For losses: a switch for a logarithmic axis, which begins as stated, and a slider that smooths the lines. */
  readonly loss?: { readonly isLogarithmic: boolean };
}

export interface ChartContent {
  readonly lines: readonly ChartLine[];
  /** Largest x. */
  readonly until: number;
  /** Description of the content in words. */
  readonly summary: string;
  readonly width: number;
}

/** Largest weight of the past in a smoothed line. */
const MOST_SMOOTH = 0.98;

/**
 * Line chart. A pointer over it names the nearest line, with step and value; a slider below reads off all lines, usable by
 * mouse, touch and keyboard.
 */
export class Chart {
  readonly node: HTMLElement;
  readonly #options: ChartOptions;
  readonly #picture = svg('svg', { class: 'chart', role: 'img' });
  readonly #summary = element('p', { class: 'summary' });
  readonly #slider: HTMLInputElement;
  readonly #values = element('output', { class: 'summary' });
  readonly #isLogarithmic: HTMLInputElement;
  readonly #smoothing = element('input', { type: 'range', min: 0, max: MOST_SMOOTH, step: 0.02, value: 0 });
  #content: ChartContent | null = null;
  #shown = '';
  /** Place of the pointer over the picture. */
  #pointer: readonly [number, number] | null = null;

  constructor(options: ChartOptions) {
    const { title, x, loss } = options;
    this.#options = options;
    const label = `${x} at which values of "${title}" are read`;
    this.#slider = element('input', { type: 'range', min: 0, max: 1, step: 1, value: 1, 'aria-label': label });
    this.#isLogarithmic = element('input', { type: 'checkbox', checked: loss?.isLogarithmic === true });
    for (const input of [this.#slider, this.#isLogarithmic, this.#smoothing]) {
      input.addEventListener('input', () => this.#draw());
    }
    this.#picture.addEventListener('pointermove', (event) => this.#point(event));
    this.#picture.addEventListener('pointerleave', () => this.#point(null));
    const parts = [this.#picture, this.#slider, this.#values, this.#summary];
    this.node = element('figure', {}, element('figcaption', {}, title), loss ? this.#settings() : null, ...parts);
  }

  show(content: ChartContent): void {
    const now = JSON.stringify(content);
    if (now === this.#shown) return;
    const wasAtEnd = this.#slider.value === this.#slider.max;
    [this.#content, this.#shown] = [content, now];
    this.#slider.max = String(Math.max(1, content.until));
    if (wasAtEnd) this.#slider.value = this.#slider.max; // the slider follows the run
    this.#summary.textContent = content.summary;
    this.#picture.setAttribute('aria-label', `${this.#options.title}. ${content.summary}`);
    this.#draw();
  }

  #settings(): HTMLElement {
    return element(
      'div',
      { class: 'settings', role: 'group', 'aria-label': `Form of "${this.#options.title}"` },
      element('label', {}, this.#isLogarithmic, ' logarithmic'),
      element('label', {}, 'smoothing ', this.#smoothing),
    );
  }

  #point(event: MouseEvent | null): void {
    const { left, top, width } = this.#picture.getBoundingClientRect();
    const scale = (this.#content?.width ?? 0) / width;
    this.#pointer = event && [(event.clientX - left) * scale, (event.clientY - top) * scale];
    this.#draw();
  }

  #draw(): void {
    if (this.#content === null) return;
    const { width, until, lines: all } = this.#content;
    const { height, x } = this.#options;
    const weight = Number(this.#smoothing.value);
    const lines = weight === 0 ? all : all.map((line) => ({ ...line, points: smoothed(line.points, weight) }));
    const plot = plotOf(lines, { until, width, height, isLogarithmic: this.#isLogarithmic.checked });
    const at = Number(this.#slider.value);
    const values = lines.map((line) => `${line.name} ${valueAt(line, at)}`).join(', ');
    const words = `At ${whole(at)}: ${values}`;
    const touched = this.#pointer && touchedAt(plot, this.#pointer);
    this.#picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#picture.replaceChildren(...drawn(plot, x, at, touched));
    this.#slider.setAttribute('aria-valuetext', words);
    this.#values.textContent = touched === null ? words : touchedWords(touched);
  }
}

/** Builds the legend: line style, name and value of each entry. */
export function legend(
  entries: readonly (Pick<ChartLine, 'name' | 'style'> & { readonly value: string })[],
): HTMLElement {
  const items = entries.map(({ name, style, value }) => {
    const words = element('span', { class: 'value' }, value);
    return element('li', {}, keyOf(style), element('span', { class: 'name' }, name), ' ', words);
  });
  return element('ul', { class: 'legend' }, ...items);
}
