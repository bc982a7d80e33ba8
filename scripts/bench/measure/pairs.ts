/** Ratio of the costs of two ways of doing the same thing, measured in turn: its median and its 95 % interval. */
export interface PairedRatio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
}

/**
 * Fewest pairs with a 95 % interval; fewer have only their range: all of five lie on one side once in sixteen times.
 */
export const FEWEST_PAIRS = 6;

/**
 * Returns the median of paired ratios with its distribution-free 95 % interval, from the order statistics that a sign
 * test leaves; the range if there are fewer than `FEWEST_PAIRS`.
 */
export function pairedRatio(ratios: readonly number[]): PairedRatio {
  const sorted = [...ratios].sort((a, b) => a - b);
  const n = sorted.length;
  const middle = (sorted[Math.floor((n - 1) / 2)] + sorted[Math.ceil((n - 1) / 2)]) / 2;
  const out = Math.max(0, largestTail(n) - 1);
  return { median: middle, low: sorted[out], high: sorted[n - 1 - out], pairs: n };
}

/** Returns the largest k with P(Binomial(n, 1/2) < k) <= 2.5 %. */
function largestTail(n: number): number {
  let probability = 0.5 ** n;
  let tail = probability;
  let k = 0;
  while (tail <= 0.025) {
    k += 1;
    probability *= (n - k + 1) / k;
    tail += probability;
  }
  return k;
}
