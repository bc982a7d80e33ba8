import type { Command } from 'commander';
import { describeData } from '../../run/describe-data';
import { mustBeTrusted, resume } from '../../run/resume';
import { hasSamples, isFinished, readConfig } from '../../store/run-directory';
import { checkpoints, type DurabilityFlags, supervision, withDurabilityFlags } from '../flags/durability';
import { type ViewFlags, viewed, withViewFlags } from '../flags/live-view';
import { type WorkerFlags, withWorkerFlags, workerChoice } from '../flags/options';
import { atLeastOne } from '../flags/parsers';
import { type LogFlags, logged, type OnCommand, withLogFlags } from '../flags/trackers';
import { interruptible } from '../interrupt';
import { mustBeOneRun } from '../one-run';
import { type PrintFlags, printRun, REQUIRE_MEMBERS } from '../print-run';
import { onlyNotices, ProgressDisplay } from '../progress';

interface Flags extends DurabilityFlags, WorkerFlags, ViewFlags, LogFlags, PrintFlags {
  readonly trustCode?: boolean;
  readonly dataDir?: string;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Of a finished run the stored result is printed, and data.json is written if an earlier version left it out.

Examples:
  dsptt resume runs/first
  dsptt resume runs/first --log tensorboard:curves     its curves go on where they ended`;

/** Defines `dsptt resume RUN`: it continues an interrupted run, with the results of an uninterrupted one. */
export function resumeCommand(command: Command): void {
  withLogFlags(withViewFlags(withDurabilityFlags(withWorkerFlags(command))))
    .argument('<run>', 'run directory')
    .option('--trust-code', "import the model code that the run's config.json names")
    .option('--data-dir <dir>', "folder with the data set's files, if it has moved")
    .option(REQUIRE_MEMBERS.flag, REQUIRE_MEMBERS.help, atLeastOne)
    .option('--json', 'print the result as JSON on standard output, everything else on standard error')
    .option('--quiet', 'print no progress')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(run: string, flags: Flags): Promise<void> {
  mustBeOneRun(run);
  const config = await readConfig(run);
  const progress = flags.quiet ? null : new ProgressDisplay(process.stderr);
  progress?.begin(`resuming ${run}`);
  const { trustCode, dataDir } = flags;
  const settings = {
    ...supervision(flags),
    ...checkpoints(flags),
    ...workerChoice(flags, config.device),
    trustCode,
    dataDir,
  };
  const targets = flags.log ?? [];
  if (targets.length > 0 && !isFinished(run)) mustBeTrusted(run, config, settings); // before a tracker is started
  const onEvent = progress?.onEvent ?? onlyNotices();
  const onNotice = progress ? (message: string) => progress.onEvent({ type: 'notice', message }) : undefined;
  try {
    const perform = async (signal: AbortSignal) => {
      const request = { ...settings, signal, onEvent };
      const result = await logged({ targets, directory: run, config, onNotice }, (onCommand?: OnCommand) =>
        resume(run, { ...request, onCommand }),
      );
      if (!hasSamples(run)) await describeData(run, request);
      return result;
    };
    const result = await interruptible((signal) => viewed(run, flags, () => perform(signal)));
    progress?.done();
    printRun(result, run, flags);
  } finally {
    progress?.done();
  }
}
