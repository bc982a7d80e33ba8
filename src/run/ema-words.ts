import type { Trace } from '../methods/method';

/** Part of a running average that the first weights of a descent may have at its end without a word. */
const LITTLE = 0.05;

/** Describes how much of a running average are the weights that the shortest descent started from; null if it is little. */
export function emaWords(ema: number | null, traces: readonly Trace[]): string | null {
  const steps = traces.flatMap(({ columns }) => (columns.lr === undefined ? [] : [columns.lr.length]));
  if (ema === null || steps.length === 0) return null;
  const shortest = Math.min(...steps);
  const left = ema ** shortest;
  if (left <= LITTLE) return null;
  const percent = (share: number) => `${(100 * share).toPrecision(2)} %`;
  return `localSolver.ema ${ema} is slow for a descent of ${shortest} steps: ${percent(left)} of the average are the weights that it started from; ${(LITTLE ** (1 / shortest)).toPrecision(3)} leaves ${percent(LITTLE)} of them.`;
}
