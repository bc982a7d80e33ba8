import type { Interval, MeanAndError } from '../comparison/statistics';

/** Formats a number with fixed decimals; a dash if it is absent or NaN. */
export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits);
}

/** Formats a mean ± standard error, or the mean alone if it is of a single value. */
export function meanWithError(summary: MeanAndError | null, digits: number): string {
  if (summary === null) return '-';
  const { mean, standardError } = summary;
  return standardError === null ? fixed(mean, digits) : `${fixed(mean, digits)} ± ${fixed(standardError, digits)}`;
}

/** Formats the bounds of an interval of differences, with their signs. */
export function interval(bounds: Interval | null, digits: number): string {
  return bounds === null ? '-' : `[${signed(bounds[0], digits)}, ${signed(bounds[1], digits)}]`;
}

/** Formats a difference with its sign. */
export function signed(value: number, digits: number): string {
  return value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits);
}

/** Formats a probability with two significant digits; `<0.0001` if smaller than that; a dash for null. */
export function probability(p: number | null): string {
  if (p === null) return '-';
  return p < 0.0001 ? '<0.0001' : p.toPrecision(2);
}

/** Formats seconds as 42 s, 3:07 or 1:02:03. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const clock = `${two(whole % 60)}`;
  return minutes < 60 ? `${minutes}:${clock}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${clock}`;
}

/** Formats seconds like `duration`, but below 10 s with tenths. */
export function brief(seconds: number): string {
  return seconds < 10 ? `${fixed(seconds, 1)} s` : duration(seconds);
}

/** Formats a number with thousands separators. */
export function steps(value: number): string {
  return value.toLocaleString('en-US');
}

/** Returns a number with its noun, in the singular for one. */
export function counted(count: number, noun: string): string {
  return `${steps(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Joins the first `most` items and states the number of the remaining ones. */
export function first(items: readonly string[], most: number, separator = ', '): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(separator)}${separator}and ${rest} more` : items.join(separator);
}

/** Formats a time, in ms since 1970, as UTC to the minute. */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
