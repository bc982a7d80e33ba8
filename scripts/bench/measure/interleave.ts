import { type PairedRatio, pairedRatio } from './pairs';

/** One side of a pair: does its work and returns the time that it took, in seconds. */
export type Side = (pair: number) => Promise<number>;

/** Times of two sides, pair by pair, in seconds. */
export interface Pairs {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/**
 * Runs two sides in turn, alternating which begins from pair to pair, so that a drift in the machine's speed affects
 * both equally. A pair -1 goes before and warms up.
 */
export async function interleave(pairs: number, first: Side, second: Side): Promise<Pairs> {
  const seconds: [number[], number[]] = [[], []];
  const sides = [first, second];
  for (let pair = -1; pair < pairs; pair += 1) {
    for (const side of pair % 2 === 0 ? [0, 1] : [1, 0]) {
      const passed = await sides[side](pair);
      if (pair >= 0) seconds[side].push(passed);
    }
  }
  return { first: seconds[0], second: seconds[1] };
}

/** Returns the ratio of the first side's time to the second's, with its interval. */
export function timeRatio({ first, second }: Pairs): PairedRatio {
  return pairedRatio(first.map((seconds, pair) => seconds / second[pair]));
}

/** Returns the ratio of the first side's speed to the second's. */
export function speedRatio({ first, second }: Pairs): PairedRatio {
  return timeRatio({ first: second, second: first });
}

/** Returns the median of some numbers. */
export function median(values: readonly number[]): number {
  return pairedRatio(values).median;
}

/** Returns the time that some work takes, in seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
