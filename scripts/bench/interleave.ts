import { type PairedRatio, pairedRatio } from './pairs';

/** One side of a pair: does its work and answers how long it took, in seconds. */
export type Side = (pair: number) => Promise<number>;

/** What two sides took, pair by pair. */
export interface Pairs {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/**
 * Let two sides work in turn, changing who begins from pair to pair, so that a machine whose speed drifts is as fast for
 * one as for the other. A pair -1 goes before and warms up.
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

/** The first side's time over the second's, with its interval. */
export function timeRatio({ first, second }: Pairs): PairedRatio {
  return pairedRatio(first.map((seconds, pair) => seconds / second[pair]));
}

/** The first side's speed over the second's. */
export function speedRatio({ first, second }: Pairs): PairedRatio {
  return timeRatio({ first: second, second: first });
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  return pairedRatio(values).median;
}

/** How long some work takes, in seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
