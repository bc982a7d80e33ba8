import { join } from 'node:path';
import type { Config } from '../config/schema';
import { DivergedError } from '../errors';
import { findMethod } from '../methods';
import type { RunEvent } from '../run/events';
import type { RunOptions } from '../run/options';
import { type AtOnceOptions, eachAtOnce } from '../run/session/at-once';
import type { Session } from '../run/session/session';
import type { Result } from '../store/result';

/** Method of a comparison, with its whole configuration. */
export interface Contender {
  readonly method: string;
  readonly config: Config;
}

/** Outcome of one run of a comparison: a result in its directory, or a failure because a network diverged. */
export type RunOutcome = {
  readonly method: string;
  readonly seed: number;
  readonly directory: string;
} & ({ readonly state: 'finished'; readonly result: Result } | { readonly state: 'failed'; readonly message: string });

/** A run of a comparison that finished. */
export type FinishedRun = Extract<RunOutcome, { state: 'finished' }>;

/** Options of a comparison: its directory, its seeds, and where its runs start from. */
export interface CompareOptions
  extends AtOnceOptions,
    Pick<RunOptions, 'tier0' | 'tier0Source' | 'resume' | 'checkpointMinutes' | 'checkpointEpochs'> {
  /** Directory for the runs; each lies in METHOD-SEED below it. */
  readonly out: string;
  readonly seeds: readonly number[];
  /** Called before each run starts; returns the listener of its events, if any. */
  readonly onRun?: (contender: Contender, seed: number) => ((event: RunEvent) => void) | undefined;
}

/**
 * Runs every method with every seed. Returns the outcomes ordered by seed, then method. A run that diverges counts as
 * failed and does not end the others; any other error does.
 */
export async function compare(contenders: readonly Contender[], options: CompareOptions): Promise<RunOutcome[]> {
  const planned = options.seeds.flatMap((seed) => contenders.map((contender) => ({ contender, seed })));
  const outcomes = new Map<(typeof planned)[number], RunOutcome>();
  await eachAtOnce(planned, options, async (session, plan, signal) => {
    outcomes.set(plan, await runOne(session, plan.contender, plan.seed, { ...options, signal }));
  });
  return planned.flatMap((plan) => outcomes.get(plan) ?? []);
}

function runOne(session: Session, contender: Contender, seed: number, options: CompareOptions): Promise<RunOutcome> {
  const { method, config } = contender;
  const { tier0, tier0Source, resume, checkpointMinutes, checkpointEpochs, signal, onRun, out } = options;
  const common = { resume, checkpointMinutes, checkpointEpochs, signal };
  const given = findMethod(method).takesTier0 ? { tier0, tier0Source } : {};
  const directory = join(out, `${method}-${seed}`);
  const onEvent = onRun?.(contender, seed);
  return outcomeOf(session, { ...config, method, seed }, { ...common, ...given, out: directory, onEvent });
}

/** Performs a run. One that diverges counts as failed; any other error is thrown. */
export async function outcomeOf(session: Session, config: Config, options: RunOptions): Promise<RunOutcome> {
  const { method, seed } = config;
  const directory = options.out;
  try {
    return { method, seed, directory, state: 'finished', result: await session.run(config, options) };
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    return { method, seed, directory, state: 'failed', message: error.message };
  }
}

/** Returns the outcomes of the runs that finished. */
export function finishedRuns(outcomes: readonly RunOutcome[]): FinishedRun[] {
  return outcomes.filter((outcome) => outcome.state === 'finished');
}
