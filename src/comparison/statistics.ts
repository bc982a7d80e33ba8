/** A mean over seeds. */
export interface MeanAndError {
  readonly mean: number;
  /** Standard deviation of the mean, s / sqrt(n); null for a single value. */
  readonly standardError: number | null;
  readonly n: number;
}

/** Mean and standard error of the values that were measured; null where none was. */
export function meanAndError(values: readonly (number | null)[]): MeanAndError | null {
  const measured = values.filter((value) => value !== null);
  const n = measured.length;
  if (n === 0) return null;
  const mean = meanOf(measured);
  if (n === 1) return { mean, standardError: null, n };
  const variance = measured.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, standardError: Math.sqrt(variance / n), n };
}

/** The arithmetic mean; NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
