import { existsSync } from 'node:fs';
import { configDifference } from '../../config/difference';
import type { Config } from '../../config/schema';
import { UsageError } from '../../errors';
import { outcomeOf, type RunOutcome } from '../../comparison/compare';
import { type AtOnceOptions, eachAtOnce } from '../../run/at-once';
import type { RunEvent } from '../../run/events';
import { isFinished, mustBeRunOrFree, readConfig, readResult } from '../../store/run-directory';

/** A run that a table is made of. */
export interface WantedRun {
  readonly directory: string;
  readonly config: Config;
}

export interface RunWantedOptions extends AtOnceOptions {
  /** Told of each run before it starts; answers who listens to it. */
  readonly onRun: (run: WantedRun) => ((event: RunEvent) => void) | undefined;
}

/**
 * Make runs that do not exist yet; one that has finished with the same configuration is taken as it is, one that has not
 * finished is resumed. A run that diverges counts as failed and does not end the others; any other error ends all, and
 * what has finished stays. Answers in the order given.
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

/** What a directory holds of the run: null where it is still to be made. */
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
