import type { Point } from './live-view';

/** Points that a line has at most; more are not seen. */
const MOST = 400;
const DIGITS = 6;

/** A line that grows without end and is kept short: of many points only every so many are kept, and always the last. */
export class ThinnedLine {
  #points: Point[] = [];
  #every = 1;
  #count = 0;
  #last: Point | null = null;

  add(x: number, y: number): void {
    this.#last = [x, Number.isFinite(y) ? Number(y.toPrecision(DIGITS)) : null];
    if (this.#count % this.#every === 0) this.#points.push(this.#last);
    this.#count += 1;
    if (this.#points.length < MOST) return;
    this.#points = this.#points.filter((point, i) => i % 2 === 0 || point[1] === null);
    this.#every *= 2;
  }

  /** What follows is not joined to what was before. */
  gap(): void {
    if (this.#last === null) return;
    this.#points = [...this.points(), [this.#last[0], null]];
    this.#last = null;
    this.#count = 0;
  }

  points(): readonly Point[] {
    if (this.#last === null || this.#last === this.#points.at(-1)) return this.#points;
    return [...this.#points, this.#last];
  }
}
