import type { Config } from '../config/schema';
import type { Task } from '../executor/executor';
import type { MethodOutcome } from '../methods/method';
import type { ArrayFiles } from '../store/journal/arrays';
import type { Header } from '../store/journal/record';
import type { MethodEvent } from '../trust-tech/events';
import { type KeepOutputs, measureNetworks } from './assess/measure';
import type { GrowingHistory } from './durable/growing-history';
import { LiveAnswers } from './durable/live-answers';
import type { RunListener } from './events';
import { keptTier0 } from './given-tier0';
import { mustFit } from './open-journal';
import { perform } from './perform';

/** Told what a method does while its run goes on. */
export interface Follower extends Pick<RunListener, 'onCommand'> {
  /** The data are loaded: what is known of them, and the budget in steps. */
  readonly onTask: (task: Task, steps: number) => void;
  /** @param c number of the next command */
  readonly onEvent: (event: MethodEvent, c: number) => void;
  /** The method has ended with this; then comes what its networks put out. @returns null to hear no more */
  readonly onOutcome: (outcome: MethodOutcome) => KeepOutputs | null;
}

/** What is known of a run that is followed: its journal's beginning, and what comes. */
export interface Followed {
  readonly directory: string;
  readonly config: Config;
  readonly header: Header;
  readonly history: GrowingHistory;
  readonly arrays: Pick<ArrayFiles, 'read'>;
}

/**
 * Perform the method of a run on what its journal says, in step with it: the run may be going on in another process, and
 * nothing of it is touched. Ends when the method has ended there, and its networks are measured.
 * @throws InterruptedError when the history ends before; DeterminismError when this version of dsptt decides otherwise
 */
export async function follow({ directory, config, ...run }: Followed, follower: Follower): Promise<void> {
  const { onCommand, onTask, onEvent, onOutcome } = follower;
  mustFit(run.header, { directory, config });
  const tier0 = await keptTier0(directory, run.header.tier0);
  const answers = new LiveAnswers(run.history, run.arrays);
  const recorded = () => answers.nextSteps();
  const report = (event: MethodEvent) => onEvent(event, answers.commands);
  const { executor, outcome } = await perform(answers, config, { tier0, recorded, onCommand, onTask, report });
  const outputs = onOutcome(outcome);
  if (outputs === null) return;
  await measureNetworks(executor, outcome, config, { ...outputs, member: async () => null }, run.header.flags);
}
