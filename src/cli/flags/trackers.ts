import { type Command, InvalidArgumentError } from 'commander';
import { dsptt } from '../../command-name';
import type { Config } from '../../config/schema';
import { UsageError } from '../../errors';
import { plain } from '../../report/printable';
import type { RunListener } from '../../run/events';
import type { Result } from '../../store/result';
import { isFinished } from '../../store/run-directory';
import { type TrackerTarget, trackerTargets } from '../../tracking/target';
import { trackRun } from '../../tracking/track-run';

/** Option of commands whose run can be sent to trackers. */
export interface LogFlags {
  readonly log?: readonly TrackerTarget[];
}

/** Adds `--log` to a command. */
export function withLogFlags(command: Command): Command {
  return command.option(
    '--log <trackers>',
    'send the run to trackers while it goes on: tensorboard:DIR, mlflow:URI, or both, separated by a comma',
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
 * Performs or resumes a run and sends it to its trackers, if there are any. A tracker that fails does not fail the run.
 * A finished run is not sent: a notice names the `dsptt export` command that does.
 */
export async function logged(
  { onNotice = say, ...options }: Logged,
  perform: (onCommand?: OnCommand) => Promise<Result>,
): Promise<Result> {
  const { targets, directory } = options;
  if (targets.length === 0 || isFinished(directory)) {
    for (const { kind, place } of targets)
      onNotice(`${directory} has finished: \`${dsptt('export', directory, place, '--to', kind)}\` sends it`);
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
