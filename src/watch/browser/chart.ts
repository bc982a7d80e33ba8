import { element, svg } from './element.js';
import { whole } from './numbers.js';
import {
  type ChartLine,
  drawn,
  keyOf,
  type Plot,
  plotOf,
  type Range,
  type Touched,
  touchedAt,
  touchedWords,
  valueAt,
} from './plot.js';
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
/** Shortest drag that chooses a part of a chart, in px of the picture; less is a click. */
const SHORTEST_DRAG = 8;

/**
 * Line chart. A pointer over it names the nearest line, with step and value; a slider below reads off all lines. A drag over
 * the picture, or + at the slider, shows a part of the x axis; a double click, or -, shows more of it again.
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
  /** Place where a drag began, in px of the picture. */
  #dragged: number | null = null;
  /** The part that is shown; null for all. */
  #range: Range | null = null;
  #plot: Plot | null = null;

  constructor(options: ChartOptions) {
    const { title, x, loss } = options;
    this.#options = options;
    const label = `${x} at which values of "${title}" are read`;
    const keys = { 'aria-keyshortcuts': '+ -', title: '+ and - show less and more of the chart' };
    this.#slider = element('input', { type: 'range', min: 0, max: 1, value: 1, 'aria-label': label, ...keys });
    this.#isLogarithmic = element('input', { type: 'checkbox', checked: loss?.isLogarithmic === true });
    for (const input of [this.#slider, this.#isLogarithmic, this.#smoothing]) {
      input.addEventListener('input', () => this.#draw());
    }
    this.#picture.addEventListener('pointermove', (event) => this.#point(event));
    this.#picture.addEventListener('pointerleave', () => this.#point(null));
    this.#picture.addEventListener('pointerdown', (event) => this.#drag(event));
    this.#picture.addEventListener('pointerup', () => this.#drop());
    this.#picture.addEventListener('pointercancel', () => this.#stopDragging()); // a finger scrolls the page instead
    this.#picture.addEventListener('dblclick', () => this.#show(null));
    this.#slider.addEventListener('keydown', ({ key }) => this.#scaleBy({ '+': 0.5, '-': 2 }[key]));
    const parts = [this.#picture, this.#slider, this.#values, this.#summary];
    this.node = element('figure', {}, element('figcaption', {}, title), loss ? this.#settings() : null, ...parts);
  }

  show(content: ChartContent): void {
    const now = JSON.stringify(content);
    if (now === this.#shown) return;
    const wasAtEnd = this.#slider.value === this.#slider.max;
    [this.#content, this.#shown] = [content, now];
    this.#fitSlider();
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

  #drag(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#point(event);
    this.#dragged = this.#pointer?.[0] ?? null;
    this.#picture.setPointerCapture(event.pointerId);
  }

  #drop(): void {
    const chosen = this.#chosen();
    this.#stopDragging();
    if (chosen !== null) this.#show(chosen);
  }

  #stopDragging(): void {
    this.#dragged = null;
    this.#draw();
  }

  /** Returns the part that a drag has chosen so far, if it is long enough to be meant. */
  #chosen(): Range | null {
    if (this.#dragged === null || this.#pointer === null || this.#plot === null) return null;
    const ends = [this.#dragged, this.#pointer[0]].sort((a, b) => a - b);
    if (ends[1] - ends[0] < SHORTEST_DRAG) return null;
    const { x } = this.#plot;
    const [first, last] = this.#whole();
    const within = (place: number) => Math.min(last, Math.max(first, Math.round(x.valueAt(place))));
    return [within(ends[0]), within(ends[1])];
  }

  #whole(): Range {
    return [0, Math.max(1, this.#content?.until ?? 1)];
  }

  /** Shows a part that is so many times as long, with the slider's place in its middle as far as the chart goes. */
  #scaleBy(times: number | undefined): void {
    if (times === undefined) return;
    const [from, to] = this.#range ?? this.#whole();
    const length = Math.round((to - from) * times);
    const [, last] = this.#whole();
    const middle = Number(this.#slider.value);
    const start = Math.min(last - length, Math.max(0, Math.round(middle - length / 2)));
    this.#show(length >= last ? null : [start, start + length]);
  }

  #show(range: Range | null): void {
    if (range !== null && range[1] - range[0] < 2) return; // no step would be left between its ends
    this.#range = range;
    this.#fitSlider();
    this.#draw();
  }

  #fitSlider(): void {
    const [from, to] = this.#range ?? this.#whole();
    [this.#slider.min, this.#slider.max] = [String(from), String(to)];
  }

  #draw(): void {
    if (this.#content === null) return;
    const { width, lines: all } = this.#content;
    const { height, x } = this.#options;
    const range = this.#range ?? this.#whole();
    const weight = Number(this.#smoothing.value);
    const lines = weight === 0 ? all : all.map((line) => ({ ...line, points: smoothed(line.points, weight) }));
    const plot = plotOf(lines, { range, width, height, isLogarithmic: this.#isLogarithmic.checked });
    const at = Number(this.#slider.value);
    const read = lines.filter(({ points }) => points.length > 0);
    const values = read.map((line) => `${line.name} ${valueAt(line, at)}`).join(', ');
    const words = `At ${whole(at)}: ${values}`;
    const chosen = this.#chosen();
    const touched: Touched | null = chosen === null ? this.#pointer && touchedAt(plot, this.#pointer) : null;
    this.#plot = plot;
    this.#picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#picture.replaceChildren(...drawn(plot, x, { cursor: at, touched, chosen }));
    this.#slider.setAttribute('aria-valuetext', words);
    const part = chosen === null ? words : `From ${whole(chosen[0])} to ${whole(chosen[1])}`;
    this.#values.textContent = touched === null ? part : touchedWords(touched);
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
