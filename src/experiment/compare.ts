import { join } from 'node:path';
import type { Config } from '../config/schema';
import { DivergedError } from '../errors';
import { findMethod } from '../methods';
import type { Result } from '../store/result';
import type { RunEvent, RunOptions, Session } from './session';

/** One method of a comparison: its name, and what differs for it from the common configuration. */
export interface Contender {
  readonly method: string;
  readonly config: Config;
}

/** How one run of a comparison ended: with a result in its directory, or because a network diverged. */
export type RunOutcome = {
  readonly method: string;
  readonly seed: number;
  readonly directory: string;
} & ({ readonly state: 'finished'; readonly result: Result } | { readonly state: 'failed'; readonly message: string });

export type FinishedRun = Extract<RunOutcome, { state: 'finished' }>;

export interface CompareOptions
  extends Pick<RunOptions, 'tier0' | 'tier0Source' | 'signal' | 'resume' | 'checkpointMinutes' | 'checkpointEpochs'> {
  /** Directory for the runs; each lies in METHOD-SEED below it. */
  readonly out: string;
  readonly seeds: readonly number[];
  /** Told of each run before it starts; answers who listens to it. */
  readonly onRun?: (contender: Contender, seed: number) => ((event: RunEvent) => void) | undefined;
}

/**
 * Run every method with every seed, one after the other in one worker. Answers by seed, then method. A run that diverges
 * counts as failed and does not end the others; any other error does.
 */
export async function compare(
  session: Session,
  contenders: readonly Contender[],
  options: CompareOptions,
): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  for (const seed of options.seeds) {
    for (const contender of contenders) outcomes.push(await runOne(session, contender, seed, options));
  }
  return outcomes;
}

async function runOne(
  session: Session,
  contender: Contender,
  seed: number,
  options: CompareOptions,
): Promise<RunOutcome> {
  const { method, config } = contender;
  const { tier0, tier0Source, onRun, out, seeds: _, ...common } = options;
  const given = findMethod(method).takesTier0 ? { tier0, tier0Source } : {};
  const directory = join(out, `${method}-${seed}`);
  const onEvent = onRun?.(contender, seed);
  try {
    const result = await session.run({ ...config, method, seed }, { ...common, ...given, out: directory, onEvent });
    return { method, seed, directory, state: 'finished', result };
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    return { method, seed, directory, state: 'failed', message: error.message };
  }
}

/** The runs that finished. */
export function finishedRuns(outcomes: readonly RunOutcome[]): FinishedRun[] {
  return outcomes.filter((outcome) => outcome.state === 'finished');
}
