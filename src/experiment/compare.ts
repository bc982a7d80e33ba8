import { join } from 'node:path';
import type { Config } from '../config/schema';
import { findMethod } from '../methods';
import type { Result } from '../store/result';
import type { RunEvent, RunOptions, Session } from './session';

/** One method of a comparison: its name, and what differs for it from the common configuration. */
export interface Contender {
  readonly method: string;
  readonly config: Config;
}

export interface CompareOptions extends Pick<RunOptions, 'tier0' | 'tier0Source' | 'signal'> {
  /** Directory for the runs; each lies in METHOD-SEED below it. */
  readonly out: string;
  readonly seeds: readonly number[];
  /** Told of each run before it starts; answers who listens to it. */
  readonly onRun?: (contender: Contender, seed: number) => ((event: RunEvent) => void) | undefined;
}

/** Run every method with every seed, one after the other in one worker. Answers the results by seed, then method. */
export async function compare(
  session: Session,
  contenders: readonly Contender[],
  options: CompareOptions,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const seed of options.seeds) {
    for (const contender of contenders) {
      const { method, config } = contender;
      const given = findMethod(method).takesTier0 ? pickTier0(options) : {};
      const out = join(options.out, `${method}-${seed}`);
      const onEvent = options.onRun?.(contender, seed);
      results.push(await session.run({ ...config, method, seed }, { ...given, out, signal: options.signal, onEvent }));
    }
  }
  return results;
}

function pickTier0({ tier0, tier0Source }: CompareOptions) {
  return { tier0, tier0Source };
}
