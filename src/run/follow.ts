import type { Config } from '../config/schema';
import type { Task } from '../executor/executor';
import type { MethodOutcome } from '../methods/method';
import type { ArrayFiles } from '../store/journal/arrays';
import type { Header } from '../store/journal/record';
import type { MethodEvent } from '../trust-tech/events';
import { type KeepOutputs, measureNetworks } from './assess/measure';
import { VALIDATION_POINTS } from './durable/flags';
import type { GrowingHistory } from './durable/growing-history';
import { LiveAnswers } from './durable/live-answers';
import type { RunListener } from './events';
import { keptTier0 } from './given-tier0';
import { mustFit } from './open-journal';
import { perform } from './perform';

/** Callbacks for the events and commands of a run in progress. */
export interface Follower extends Pick<RunListener, 'onCommand'> {
  /** Called when the data are loaded, with the task and the budget in steps. */
  readonly onTask: (task: Task, steps: number) => void;
  /** @param c number of the next command */
  readonly onEvent: (event: MethodEvent, c: number) => void;
  /** Called when the method has ended. @returns the receiver of its networks' outputs, or null to stop here */
  readonly onOutcome: (outcome: MethodOutcome) => KeepOutputs | null;
}

/** A run to follow: its directory, configuration, journal header, growing history, and the journal's arrays. */
export interface Followed {
  readonly directory: string;
  readonly config: Config;
  readonly header: Header;
  readonly history: GrowingHistory;
  readonly arrays: Pick<ArrayFiles, 'read'>;
}

/**
 * Performs the method of a run on its journal, in step with the run, which another process may still execute; nothing
 * of it is changed. Resolves when the method has ended there, and its networks are measured.
 * @throws InterruptedError when the history ends before; JournalError when the journal does not fit; DeterminismError
 *   when this version of dsptt gives other commands
 */
export async function follow({ directory, config, ...run }: Followed, follower: Follower): Promise<void> {
  const { onCommand, onTask, onEvent, onOutcome } = follower;
  mustFit(run.header, { directory, config });
  const tier0 = await keptTier0(directory, run.header.tier0);
  const answers = new LiveAnswers(run.history, run.arrays);
  const options = { recorded: () => answers.nextSteps(), validates: run.header.flags.includes(VALIDATION_POINTS) };
  const report = (event: MethodEvent) => onEvent(event, answers.commands);
  const { executor, outcome } = await perform(answers, config, { tier0, ...options, onCommand, onTask, report });
  const outputs = onOutcome(outcome);
  if (outputs === null) return;
  await measureNetworks(executor, outcome, config, { ...outputs, member: async () => null }, run.header.flags);
}
