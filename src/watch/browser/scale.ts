/** Mapping from values to positions on the screen, in px, with the values of the ticks. */
export interface AxisScale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Scale whose positions can be read back. */
export interface LinearScale extends AxisScale {
  readonly valueAt: (position: number) => number;
}

/** Linear scale with about `count` ticks at round numbers. */
export function linear(from: number, to: number, start: number, end: number, count: number): LinearScale {
  const width = to > from ? to - from : 1;
  const step = roundStep(width / Math.max(1, count));
  const ticks: number[] = [];
  for (let k = Math.ceil(from / step); k * step <= from + width * (1 + 1e-9); k += 1) ticks.push(k * step);
  return {
    at: (value) => start + ((value - from) / width) * (end - start),
    valueAt: (position) => from + ((position - start) / (end - start)) * width,
    ticks,
  };
}

/** Logarithmic scale, for losses that fall by orders of magnitude. All values must be above 0. */
export function logarithmic(from: number, to: number, start: number, end: number): AxisScale {
  const [low, high] = [Math.log10(from), Math.log10(to > from ? to : from * 10)];
  const at = (value: number) => start + ((Math.log10(value) - low) / (high - low)) * (end - start);
  const decades = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, k) => Math.floor(low) + k);
  const marks = high - low > 2.5 ? [1] : [1, 2, 5];
  const all = decades.flatMap((decade) => marks.map((mark) => mark * 10 ** decade));
  return { at, ticks: all.filter((value) => value >= from * 0.999 && value <= to * 1.001) };
}

/** Rounds a step up to the next of 1, 2, 5, 10 times a power of ten. */
function roundStep(step: number): number {
  const decade = 10 ** Math.floor(Math.log10(step));
  const times = [1, 2, 5, 10].find((factor) => factor * decade >= step * 0.999) ?? 10;
  return times * decade;
}
