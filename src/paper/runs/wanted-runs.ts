import { existsSync } from 'node:fs';
import { outcomeOf, type RunOutcome } from '../../comparison/compare';
import { configDifference } from '../../config/difference';
import type { Config } from '../../config/schema';
import { UsageError } from '../../errors';
import type { RunEvent } from '../../run/events';
import { type AtOnceOptions, eachAtOnce } from '../../run/session/at-once';
import { isFinished, mustBeRunOrFree, readConfig, readResult } from '../../store/run-directory';

/** Run that a table is read from. */
export interface WantedRun {
  readonly directory: string;
  readonly config: Config;
}

export interface RunWantedOptions extends AtOnceOptions {
  /** Called before each run starts; returns the listener of its events, if any. */
  readonly onRun: (run: WantedRun) => ((event: RunEvent) => void) | undefined;
}

/**
 * Performs the wanted runs. One that has finished with the same configuration is reused, an unfinished one is resumed.
 * A run that diverges counts as failed and does not end the others; any other error ends all, and finished runs stay.
 * Returns the outcomes in the order given.
 * @throws UsageError when a directory holds a run with another configuration
 */
export async function runWanted(wanted: readonly WantedRun[], options: RunWantedOptions): Promise<RunOutcome[]> {
  const outcomes = new Map<WantedRun, RunOutcome>();
  for (const run of wanted) {
    const finished = await finishedOutcome(run);
    if (finished !== null) outcomes.set(run, finished);
  }
  const missing = wanted.filter((run) => !outcomes.has(run));
  await eachAtOnce(missing, options, async (session, run, signal) => {
    const kept = { out: run.directory, resume: true, signal, onEvent: options.onRun(run) };
    outcomes.set(run, await outcomeOf(session, run.config, kept));
  });
  return wanted.flatMap((run) => outcomes.get(run) ?? []);
}

/**
 * Returns the outcome of a finished run; null if the run is still to be performed.
 * @throws UsageError when the directory holds a run with another configuration, or no run
 */
async function finishedOutcome({ directory, config }: WantedRun): Promise<RunOutcome | null> {
  if (!existsSync(directory)) return null;
  if (!isFinished(directory)) {
    mustBeRunOrFree(directory);
    return null;
  }
  const difference = configDifference(await readConfig(directory), config);
  if (difference !== null) {
    throw new UsageError(
      `${directory} holds a run with other settings (${difference}): name another directory with --out`,
    );
  }
  const result = await readResult(directory);
  return { method: config.method, seed: config.seed, directory, state: 'finished', result };
}
