import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { dsptt } from '../../command-name';
import { UsageError } from '../../errors';
import { type Exported, exportEnsemble, MODEL_FORMATS, type ModelFormat } from '../../inference/export';
import { plain } from '../../report/printable';
import { exportRun } from '../../tracking/export-run';
import { TRACKERS, type TrackerTarget } from '../../tracking/target';
import { interruptible } from '../interrupt';
import { mustBeOneRun } from '../one-run';
import { CALIBRATED } from './predict';

interface Flags {
  readonly to: ModelFormat | TrackerTarget['kind'];
  readonly ensemble?: string;
  readonly member?: string;
  readonly calibrated?: boolean;
  readonly trustCode?: boolean;
  readonly json?: boolean;
}

const NOTE = `
Examples:
  dsptt export runs/first --to onnx             one graph, for onnxruntime and loadEnsemble
  dsptt export runs/first my-ensemble --to safetensors
  dsptt export runs/first curves --to tensorboard
  dsptt export runs/first http://127.0.0.1:5000 --to mlflow`;

/** Defines `dsptt export RUN --to FORMAT`: it writes a run's ensemble or its curves for other programs. */
export function exportCommand(command: Command): void {
  command
    .argument('<run>', 'run directory')
    .argument('[out]', "the folder to write (default: RUN/FORMAT); for mlflow the server's address")
    .addOption(
      new Option('--to <format>', 'output format').choices([...MODEL_FORMATS, ...TRACKERS]).makeOptionMandatory(),
    )
    .option('--ensemble <name>', "ensemble to use instead of the run's result, such as 'tier-0-1-vote'")
    .option('--member <name>', "one network alone, such as 'tier0'")
    .option('--calibrated', `${CALIBRATED} (onnx; a folder of safetensors keeps it beside them)`)
    .option('--trust-code', "import the model code that the run's config.json names")
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', NOTE)
    .action(execute);
}

async function execute(run: string, given: string | undefined, { to, json, ...chosen }: Flags): Promise<void> {
  mustBeOneRun(run);
  const print = (done: object, text: string) =>
    process.stdout.write(`${json ? JSON.stringify(done, null, 2) : plain(text)}\n`);
  const out = given ?? (to === 'mlflow' ? process.env.MLFLOW_TRACKING_URI : join(run, to)) ?? '';
  if (out === '')
    throw new UsageError(`say where MLflow's server is: \`${dsptt('export', 'RUN', 'URI', '--to', 'mlflow')}\``);
  if (to === 'tensorboard' || to === 'mlflow') {
    if (Object.keys(chosen).length > 0)
      throw new UsageError(`--ensemble, --member, --calibrated and --trust-code are not for ${to}`);
    await interruptible((signal) => exportRun(run, { kind: to, place: out }, signal));
    return void print({ to, run, out }, `${run} sent to ${to}: ${out}`);
  }
  const done = await interruptible((signal) => exportEnsemble(run, { ...chosen, to, out }, signal));
  print(done, words(done));
}

function words({ ensemble, members, out, largestDifference, samples }: Exported): string {
  const checked =
    largestDifference === undefined
      ? ''
      : `\nCompared with PyTorch on ${samples} samples: differs by ${largestDifference.toExponential(1)} at most`;
  return `${ensemble} (${members.join(', ')}): ${out}${checked}`;
}
