/** A straight line through points by least squares, and the fraction of the variance that it explains. */
export interface LinearFit {
  readonly slope: number;
  readonly intercept: number;
  readonly r2: number;
}

/** @param x at least two different values */
export function linearFit(x: readonly number[], y: readonly number[]): LinearFit {
  const [meanX, meanY] = [mean(x), mean(y)];
  const sum = (value: (k: number) => number) => x.reduce((total, _, k) => total + value(k), 0);
  const xy = sum((k) => (x[k] - meanX) * (y[k] - meanY));
  const xx = sum((k) => (x[k] - meanX) ** 2);
  const yy = sum((k) => (y[k] - meanY) ** 2);
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX, r2: yy === 0 ? 1 : xy ** 2 / (xx * yy) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
