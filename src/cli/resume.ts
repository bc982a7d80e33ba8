import { Command } from 'commander';
import { resume } from '../experiment/resume';
import { Progress } from '../report/progress';
import { checkpoints, type DurabilityFlags, supervision, withDurabilityFlags } from './durability';
import { interruptible } from './interrupt';
import { type WorkerFlags, withWorkerFlags, workerOf } from './options';
import { printRun } from './print-run';
import { type ViewFlags, viewed, withViewFlags } from './viewing';

interface Flags extends DurabilityFlags, WorkerFlags, ViewFlags {
  readonly trustCode?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Example:
  dsptt resume runs/first`;

/** `dsptt resume RUN`: go on with a run that was interrupted, as if nothing had happened. */
export function resumeCommand(): Command {
  const command = new Command('resume').description('go on with a run that was interrupted, or whose process died');
  return withViewFlags(withDurabilityFlags(withWorkerFlags(command)))
    .argument('<run>', 'its directory')
    .option('--trust-code', "import the model code that the run's config.json names")
    .option('--data-dir <dir>', "folder with the data set's files, where it has moved")
    .option('--json', 'print the result as JSON on standard output, everything else on standard error')
    .option('--quiet', 'print no progress')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(run: string, flags: Flags): Promise<void> {
  const progress = flags.quiet ? null : new Progress(process.stderr);
  progress?.begin(`resuming ${run}`);
  const { trustCode, dataDir } = flags;
  const settings = { ...supervision(flags), ...checkpoints(flags), worker: workerOf(flags), trustCode, dataDir };
  try {
    const perform = (signal: AbortSignal) => resume(run, { ...settings, signal, onEvent: progress?.onEvent });
    const result = await interruptible((signal) => viewed(run, flags, () => perform(signal)));
    progress?.done();
    printRun(result, run, flags);
  } finally {
    progress?.done();
  }
}
