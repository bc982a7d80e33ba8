import type { LinePoint } from './live-view';

/** Maximum number of points a line; more cannot be distinguished. */
const MOST = 400;
const DIGITS = 6;

/** Line of bounded size: keeps every n-th point, where n doubles whenever the line is full, and always the last. */
export class ThinnedLine {
  #points: LinePoint[] = [];
  #every = 1;
  #count = 0;
  #last: LinePoint | null = null;

  add(x: number, y: number): void {
    this.#last = [x, Number.isFinite(y) ? Number(y.toPrecision(DIGITS)) : null];
    if (this.#count % this.#every === 0) this.#points.push(this.#last);
    this.#count += 1;
    if (this.#points.length < MOST) return;
    this.#points = this.#points.filter((point, i) => i % 2 === 0 || point[1] === null);
    this.#every *= 2;
  }

  /** Ends the current piece: following points are not joined to it. */
  gap(): void {
    if (this.#last === null) return;
    this.#points = [...this.points(), [this.#last[0], null]];
    this.#last = null;
    this.#count = 0;
  }

  points(): readonly LinePoint[] {
    if (this.#last === null || this.#last === this.#points.at(-1)) return this.#points;
    return [...this.#points, this.#last];
  }
}
