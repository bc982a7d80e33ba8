import type { LinePoint } from '../live-view';
import { element, svg } from './element.js';
import { tick, whole } from './numbers.js';
import { type AxisScale, linear, logarithmic } from './scale.js';

/** ChartLine of a chart. */
export interface ChartLine {
  readonly name: string;
  /** Index of its colour and pattern, the same wherever the name appears. */
  readonly style: number;
  readonly points: readonly LinePoint[];
  /** Coordinates of a mark on the line; null for none. */
  readonly mark: readonly [number, number] | null;
}

export interface ChartOptions {
  readonly title: string;
  /** Title of the x axis. */
  readonly x: string;
  readonly isLogarithmic: boolean;
  readonly height: number;
}

export interface ChartContent {
  readonly lines: readonly ChartLine[];
  /** Largest x. */
  readonly until: number;
  /** Description of the content in words. */
  readonly summary: string;
  readonly width: number;
}

/** Number of colours, each with its own pattern, so that colour never carries a meaning alone. */
const STYLES = 7;
const MARGIN = { left: 46, right: 20, top: 8, bottom: 34 };

/** ChartLine chart with a slider below that reads off the values, usable by mouse, touch and keyboard. */
export class Chart {
  readonly node: HTMLElement;
  readonly #options: ChartOptions;
  readonly #picture = svg('svg', { class: 'chart', role: 'img' });
  readonly #summary = element('p', { class: 'summary' });
  readonly #slider: HTMLInputElement;
  readonly #values = element('output', { class: 'summary' });
  #content: ChartContent | null = null;
  #shown = '';

  constructor(options: ChartOptions) {
    this.#options = options;
    const label = `${options.x} at which values of "${options.title}" are read`;
    this.#slider = element('input', { type: 'range', min: 0, max: 1, step: 1, value: 1, 'aria-label': label });
    this.#slider.addEventListener('input', () => this.#draw());
    const title = element('figcaption', {}, options.title);
    this.node = element('figure', {}, title, this.#picture, this.#slider, this.#values, this.#summary);
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

  #draw(): void {
    if (this.#content === null) return;
    const { width, lines } = this.#content;
    const at = Number(this.#slider.value);
    const values = lines.map((line) => `${line.name} ${valueAt(line, at)}`).join(', ');
    const words = `At ${whole(at)}: ${values}`;
    this.#picture.setAttribute('viewBox', `0 0 ${width} ${this.#options.height}`);
    this.#picture.replaceChildren(...drawn(this.#options, this.#content, at));
    this.#slider.setAttribute('aria-valuetext', words);
    this.#values.textContent = words;
  }
}

/** Formats the value of a line at x: that of its last point up to x. */
function valueAt({ points }: ChartLine, x: number): string {
  const value = points.findLast(([at, y]) => at <= x && y !== null)?.[1] ?? null;
  return value === null ? '-' : tick(value);
}

function drawn({ x: xName, isLogarithmic, height }: ChartOptions, content: ChartContent, at: number): SVGElement[] {
  const { lines, until, width } = content;
  const values = lines.flatMap(({ points }) => points.flatMap(([, y]) => (y === null ? [] : [y])));
  const x = linear(0, Math.max(1, until), MARGIN.left, width - MARGIN.right, Math.max(2, Math.floor(width / 110)));
  const y = verticalScale(values, isLogarithmic, height);
  const right = width - MARGIN.right;
  const bottom = height - MARGIN.bottom;
  return [
    ...axes(x, y, right, bottom),
    svg('text', { class: 'label end', x: right, y: height - 4 }, xName),
    svg('line', { class: 'cursor', x1: x.at(at), x2: x.at(at), y1: MARGIN.top, y2: bottom }),
    ...lines.map((line) => lineOf(line, x, y)),
    ...lines.flatMap((line) => markOf(line, x, y)),
  ];
}

function verticalScale(values: readonly number[], isLogarithmic: boolean, height: number): AxisScale {
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const [bottom, top] = [height - MARGIN.bottom, MARGIN.top];
  if (isLogarithmic && low > 0) return logarithmic(low / 1.1, high * 1.1, bottom, top);
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  const from = low >= 0 ? Math.max(0, low - room) : low - room;
  return linear(from, high + room, bottom, top, Math.max(2, Math.floor(height / 55)));
}

function axes(x: AxisScale, y: AxisScale, right: number, bottom: number): SVGElement[] {
  const rows = y.ticks.flatMap((value) => [
    svg('line', { class: 'grid', x1: MARGIN.left, x2: right, y1: y.at(value), y2: y.at(value) }),
    svg('text', { class: 'tick end', x: MARGIN.left - 6, y: y.at(value) + 4 }, tick(value)),
  ]);
  const columns = x.ticks.map((value) =>
    svg('text', { class: 'tick middle', x: x.at(value), y: bottom + 15 }, tick(value)),
  );
  return [...rows, ...columns, svg('line', { class: 'axis', x1: MARGIN.left, x2: right, y1: bottom, y2: bottom })];
}

function lineOf({ points, style }: ChartLine, x: AxisScale, y: AxisScale): SVGElement {
  let isDown = false;
  const moves = points.map(([at, value]) => {
    const move = value === null ? '' : `${isDown ? 'L' : 'M'}${x.at(at).toFixed(1)} ${y.at(value).toFixed(1)}`;
    isDown = value !== null;
    return move;
  });
  return svg('path', { class: `line style${style % STYLES}`, d: moves.join('') });
}

/** Draws the mark as a diamond. */
function markOf({ mark, style }: ChartLine, x: AxisScale, y: AxisScale): SVGElement[] {
  if (mark === null) return [];
  const [at, value] = [x.at(mark[0]), y.at(mark[1])];
  const d = `M${at} ${value - 6}L${at + 6} ${value}L${at} ${value + 6}L${at - 6} ${value}Z`;
  return [svg('path', { class: `mark style${style % STYLES}`, d })];
}

/** Builds the legend: line style, name and value of each entry. */
export function legend(
  entries: readonly (Pick<ChartLine, 'name' | 'style'> & { readonly value: string })[],
): HTMLElement {
  const items = entries.map(({ name, style, value }) => {
    const line = svg('path', { class: `line style${style % STYLES}`, d: 'M1 5H27' });
    const key = svg('svg', { class: 'key', viewBox: '0 0 28 10', 'aria-hidden': 'true' }, line);
    const words = element('span', { class: 'value' }, value);
    return element('li', {}, key, element('span', { class: 'name' }, name), ' ', words);
  });
  return element('ul', { class: 'legend' }, ...items);
}
