/** Formats a number with fixed decimals; a dash for null. */
export function fixed(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}

/** Formats a whole number with thousands separators. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Returns a number of networks in words. */
export function networksOf(count: number): string {
  return `${whole(count)} ${count === 1 ? 'network' : 'networks'}`;
}

/** Formats seconds as 42 s, 3:07 or 1:02:03. */
export function duration(seconds: number): string {
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(all / 60);
  return minutes < 60
    ? `${minutes}:${two(all % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(all % 60)}`;
}

/** Formats a tick label of an axis: 0.05, 1, 1,000. */
export function tick(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  return magnitude >= 1000 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
