import { meanAndError } from '../comparison/statistics';
import { criticalT, twoSidedP } from './student-t';

export type Interval = readonly [low: number, high: number];

/** What paired measurements say of a difference. */
export interface PairedDifference {
  readonly n: number;
  readonly mean: number;
  /** The 95 % t interval of the mean; null for a single pair. */
  readonly interval: Interval | null;
  /** Of the two-sided paired t-test; null with fewer than `PAIRS_FOR_P` pairs. */
  readonly p: number | null;
}

/** With fewer pairs, whether the differences are normal decides a p value more than the differences do. */
export const PAIRS_FOR_P = 6;

const LEVEL = 0.95;

/** The mean of paired differences (one a seed), with its t interval and p value. Null without a pair. */
export function pairedDifference(differences: readonly number[]): PairedDifference | null {
  const summary = meanAndError(differences);
  if (summary === null) return null;
  const { n, mean, standardError } = summary;
  if (standardError === null) return { n, mean, interval: null, p: null };
  const half = criticalT(LEVEL, n - 1) * standardError;
  const p = n < PAIRS_FOR_P ? null : pValue(mean, standardError, n);
  return { n, mean, interval: [mean - half, mean + half], p };
}

/** Where all differences are equal there is no t: they are nothing but chance (all 0), or none at all. */
function pValue(mean: number, standardError: number, n: number): number {
  if (standardError === 0) return mean === 0 ? 1 : 0;
  return twoSidedP(mean / standardError, n - 1);
}
