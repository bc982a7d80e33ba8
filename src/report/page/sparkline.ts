const LEVELS = '▁▂▃▄▅▆▇█';
const WIDTH = 60;

/** Draws numbers as a line of blocks from their minimum to their maximum, averaging longer series in `width` parts. */
export function sparkline(values: readonly number[], width = WIDTH): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return '';
  const means = parts(finite, Math.min(width, finite.length));
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const level = (value: number) => (high > low ? Math.round(((LEVELS.length - 1) * (value - low)) / (high - low)) : 0);
  return means.map((value) => LEVELS[level(value)]).join('');
}

function parts(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, k) => {
    const own = values.slice(Math.floor((k * values.length) / count), Math.floor(((k + 1) * values.length) / count));
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}
