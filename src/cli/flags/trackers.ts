import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '../../config/schema';
import { UsageError } from '../../errors';
import { plain } from '../../report/printable';
import type { RunListener } from '../../run/events';
import type { Result } from '../../store/result';
import { isFinished } from '../../store/run-directory';
import { type TrackerTarget, trackerTargets } from '../../tracking/target';
import { trackRun } from '../../tracking/track-run';

/** An option of commands whose run can be followed in trackers. */
export interface LogFlags {
  readonly log?: readonly TrackerTarget[];
}

/** Add it to a command. */
export function withLogFlags(command: Command): Command {
  return command.option(
    '--log <trackers>',
    'tell trackers of the run as it goes on: tensorboard:DIR, mlflow:URI, or both with a comma between',
    parsed,
  );
}

export type OnCommand = RunListener['onCommand'];

interface Logged {
  readonly targets: readonly TrackerTarget[];
  readonly directory: string;
  readonly config: Config;
  /** By default notices go to standard error. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/**
 * Perform a run, or go on with one, and tell trackers, where there are some. They may fail, the run does not. One that has
 * finished has nothing to tell step by step.
 */
export async function logged(
  { onNotice = say, ...options }: Logged,
  perform: (onCommand?: OnCommand) => Promise<Result>,
): Promise<Result> {
  const { targets, directory } = options;
  if (targets.length === 0 || isFinished(directory)) {
    for (const { kind, place } of targets)
      onNotice(`${directory} has finished: dsptt export ${directory} ${place} --to ${kind} sends it`);
    return perform();
  }
  const tracked = trackRun({ ...options, onNotice });
  let result: Result | null = null;
  try {
    result = await perform(tracked.onCommand);
    return result;
  } finally {
    await tracked.end(result);
  }
}

function say(message: string): void {
  process.stderr.write(`${plain(message)}\n`);
}

function parsed(text: string): TrackerTarget[] {
  try {
    return trackerTargets(text);
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
