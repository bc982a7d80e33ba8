import type { LinePoint } from '../live-view';
import { svg } from './element.js';
import { tick, whole } from './numbers.js';
import { type AxisScale, type LinearScale, linear, logarithmic } from './scale.js';

/** Line of a chart. */
export interface ChartLine {
  readonly name: string;
  /** Index of its colour and pattern, the same wherever the name appears; or `NEUTRAL`. */
  readonly style: number;
  readonly points: readonly LinePoint[];
  /** Coordinates of a mark on the line; null for none. */
  readonly mark: readonly [number, number] | null;
}

/** First and last x. */
export type Range = readonly [number, number];

/** Size of a chart, its lines as they are drawn, and the scales of its axes. */
export interface Plot {
  readonly lines: readonly ChartLine[];
  readonly x: LinearScale;
  readonly y: AxisScale;
  readonly right: number;
  readonly bottom: number;
}

export interface PlotOptions {
  /** The part of the x axis that is shown. */
  readonly range: Range;
  readonly isLogarithmic: boolean;
  readonly width: number;
  readonly height: number;
}

/** Point of a line that the pointer is nearest to. */
export interface Touched {
  readonly line: ChartLine;
  readonly at: number;
  readonly value: number;
}

/** Number of colours, each with its own pattern, so that colour never carries a meaning alone. */
const STYLES = 7;
/** Style of a line that stands for several networks. */
export const NEUTRAL = -1;
const MARGIN = { left: 46, right: 20, top: 8, bottom: 34 };

/** Lays out the part of a chart that is shown; the y axis fits the lines within it. */
export function plotOf(all: readonly ChartLine[], { range, isLogarithmic, width, height }: PlotOptions): Plot {
  const [from, to] = range;
  const isIn = ([at]: readonly [number, unknown]) => at >= from && at <= to;
  const lines = all.map((line) => {
    return {
      ...line,
      points: line.points.filter(isIn),
      mark: line.mark !== null && isIn(line.mark) ? line.mark : null,
    };
  });
  const values = lines.flatMap(({ points }) => points.flatMap(([, y]) => (y === null ? [] : [y])));
  const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
  const x = linear(from, Math.max(from + 1, to), MARGIN.left, right, Math.max(2, Math.floor(width / 110)));
  return { lines, x, y: verticalScale(values, isLogarithmic, bottom), right, bottom };
}

/** Returns the point nearest in height to a pointer, of the last points of all lines up to its x; null if there is none. */
export function touchedAt({ lines, x, y }: Plot, [left, top]: readonly [number, number]): Touched | null {
  const touched = lines.flatMap((line): Touched[] => {
    const [at, value] = pointAt(line, x.valueAt(left));
    return value === null ? [] : [{ line, at, value }];
  });
  const away = ({ value }: Touched) => Math.abs(y.at(value) - top);
  return touched.reduce<Touched | null>((a, b) => (a === null || away(b) < away(a) ? b : a), null);
}

/** Formats the value of a line at x: that of its last point up to x. */
export function valueAt(line: ChartLine, x: number): string {
  const [, value] = pointAt(line, x);
  return value === null ? '-' : tick(value);
}

/** Says which network a point belongs to, with its step and value. */
export function touchedWords({ line, at, value }: Touched): string {
  return `${line.name} at ${whole(at)}: ${tick(value)}`;
}

function pointAt({ points }: ChartLine, x: number): LinePoint {
  return points.findLast(([at, y]) => at <= x && y !== null) ?? [x, null];
}

/** Marks over the lines of a chart. */
export interface Marks {
  /** x of the cursor. */
  readonly cursor: number;
  readonly touched: Touched | null;
  /** Part of the x axis that the pointer has chosen so far. */
  readonly chosen: Range | null;
}

/** Draws a chart, with a cursor, the touched point named, and the chosen part shaded. */
export function drawn(plot: Plot, xName: string, { cursor, touched, chosen }: Marks): SVGElement[] {
  const { lines, x, right, bottom } = plot;
  return [
    ...(chosen === null ? [] : [shadeOf(chosen, plot)]),
    ...axes(plot),
    svg('text', { class: 'label end', x: right, y: bottom + MARGIN.bottom - 4 }, xName),
    svg('line', { class: 'cursor', x1: x.at(cursor), x2: x.at(cursor), y1: MARGIN.top, y2: bottom }),
    ...lines.map((line) => lineOf(line, plot, touched)),
    ...lines.flatMap((line) => markOf(line, plot)),
    ...(touched === null ? [] : nameOf(touched, plot)),
  ];
}

function verticalScale(values: readonly number[], isLogarithmic: boolean, bottom: number): AxisScale {
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  if (isLogarithmic && low > 0) return logarithmic(low / 1.1, high * 1.1, bottom, MARGIN.top);
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  const from = low >= 0 ? Math.max(0, low - room) : low - room;
  return linear(from, high + room, bottom, MARGIN.top, Math.max(2, Math.floor(bottom / 45)));
}

function axes({ x, y, right, bottom }: Plot): SVGElement[] {
  const rows = y.ticks.flatMap((value) => [
    svg('line', { class: 'grid', x1: MARGIN.left, x2: right, y1: y.at(value), y2: y.at(value) }),
    svg('text', { class: 'tick end', x: MARGIN.left - 6, y: y.at(value) + 4 }, tick(value)),
  ]);
  const columns = x.ticks.map((value) =>
    svg('text', { class: 'tick middle', x: x.at(value), y: bottom + 15 }, tick(value)),
  );
  return [...rows, ...columns, svg('line', { class: 'axis', x1: MARGIN.left, x2: right, y1: bottom, y2: bottom })];
}

function lineOf(line: ChartLine, { x, y }: Plot, touched: Touched | null): SVGElement {
  let isDown = false;
  const moves = line.points.map(([at, value]) => {
    const move = value === null ? '' : `${isDown ? 'L' : 'M'}${x.at(at).toFixed(1)} ${y.at(value).toFixed(1)}`;
    isDown = value !== null;
    return move;
  });
  const strong = touched?.line === line ? ' strong' : '';
  return svg('path', { class: `line style${line.style % STYLES}${strong}`, d: moves.join('') });
}

/** Draws the mark as a diamond. */
function markOf({ mark, style }: ChartLine, { x, y }: Plot): SVGElement[] {
  if (mark === null) return [];
  const [at, value] = [x.at(mark[0]), y.at(mark[1])];
  const d = `M${at} ${value - 6}L${at + 6} ${value}L${at} ${value + 6}L${at - 6} ${value}Z`;
  return [svg('path', { class: `mark style${style % STYLES}`, d })];
}

function shadeOf([from, to]: Range, { x, bottom }: Plot): SVGElement {
  const width = x.at(to) - x.at(from);
  return svg('rect', { class: 'chosen', x: x.at(from), y: MARGIN.top, width, height: bottom - MARGIN.top });
}

/** Names the touched point beside it, on the side where the chart has room. */
function nameOf(touched: Touched, { x, y, right }: Plot): SVGElement[] {
  const [left, top] = [x.at(touched.at), y.at(touched.value)];
  const isRight = left > right / 2;
  const place = { x: left + (isRight ? -10 : 10), y: Math.max(MARGIN.top + 12, top - 12) };
  return [
    svg('circle', { class: `mark style${touched.line.style % STYLES}`, cx: left, cy: top, r: 4.5 }),
    svg('text', { class: isRight ? 'touched end' : 'touched', ...place }, touchedWords(touched)),
  ];
}

/** Draws a piece of a line's colour and pattern, for a legend. */
export function keyOf(style: number): SVGElement {
  const line = svg('path', { class: `line style${style % STYLES}`, d: 'M1 5H27' });
  return svg('svg', { class: 'key', viewBox: '0 0 28 10', 'aria-hidden': 'true' }, line);
}
