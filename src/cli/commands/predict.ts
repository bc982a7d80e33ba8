import type { Command } from 'commander';
import { predict } from '../../inference/predict';
import { counted } from '../../report/format';
import { plain } from '../../report/printable';
import { atLeastOne } from '../flags/parsers';
import { interruptible } from '../interrupt';
import { mustBeOneRun } from '../one-run';

interface Flags {
  readonly input: string[];
  readonly out: string;
  readonly ensemble?: string;
  readonly member?: string;
  readonly batch?: number;
  readonly device?: string;
  readonly resize?: boolean;
  readonly calibrated?: boolean;
  readonly trustCode?: boolean;
  readonly json?: boolean;
}

/** Help of the flag that predict and export share. */
export const CALIBRATED = "apply the temperature that the run fitted to the ensemble's probabilities";

const NOTE = `
Samples are raw, as the run's data set has them: pixels from 0 to 255 (of digits: 0 to 16), or numbers in their own units.

Example:
  dsptt predict runs/first --input images/ --out predictions.csv`;

/** Defines `dsptt predict RUN`: it predicts new samples with the ensemble of a run. */
export function predictCommand(command: Command): void {
  command
    .argument('<run>', 'run directory, or a folder that was exported as safetensors')
    .requiredOption(
      '--input <paths...>',
      'a folder of images, image files, one .npy or .npz file, or one table (a text file: .csv, .tsv, .data, ...)',
    )
    .option('--out <file>', 'table to write', 'predictions.csv')
    .option('--ensemble <name>', "ensemble to use instead of the run's result, such as 'tier-0-1-vote'")
    .option('--member <name>', "one network alone, such as 'tier0'")
    .option('--batch <n>', 'samples at a time (default: 1000)', atLeastOne)
    .option('--device <device>', 'cpu, cuda or cuda:N (default: cpu)')
    .option('--resize', 'scale images of another size to the one that the networks take')
    .option('--calibrated', CALIBRATED)
    .option('--trust-code', "import the model code that the run's config.json names")
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', NOTE)
    .action(execute);
}

async function execute(run: string, { input, json, ...flags }: Flags): Promise<void> {
  mustBeOneRun(run);
  const done = await interruptible((signal) => predict(run, { ...flags, inputs: input }, signal));
  const { samples, ensemble, members, out, notices } = done;
  for (const notice of notices) process.stderr.write(`${plain(notice)}\n`);
  const text = `${counted(samples, 'sample')} predicted by ${ensemble} (${counted(members.length, 'network')}): ${out}`;
  process.stdout.write(`${json ? JSON.stringify(done, null, 2) : plain(text)}\n`);
}
