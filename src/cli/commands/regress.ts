import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../../errors';
import { ERROR_TOLERANCE_PCT, isGood, judge } from '../../paper/regression';
import { judgementTable } from '../../report/regression';
import { terminalTable } from '../../report/render';
import { readReproductions } from '../../store/reproduction';

interface Flags {
  readonly tolerance: number;
  readonly json?: boolean;
}

const NOTES = `
A number counts as worse if it is worse than the paper's by more than its tolerance: errors --tolerance points, losses 5 %,
output correlations 0.02 and parameter distances 10 % (DSP-TT's own only), the memory overhead 0; with several seeds two
standard errors of the mean, where that is more. Numbers that the paper prints and the results lack are listed.

Exit code: 0 if nothing is worse, 1 if something is or all runs of a row diverged, 2 if the results cannot be judged.

Example:
  dsptt regress reproduced/cifar10`;

/** Defines `dsptt regress RESULTS`: it checks whether results reproduced at full scale are as good as the paper's. */
export function regressCommand(command: Command): void {
  command
    .argument('<results>', 'a tableN.json or memory.json of dsptt reproduce, or the directory that holds them')
    .option('--tolerance <points>', 'points of error by which a number may be worse', points, ERROR_TOLERANCE_PCT)
    .option('--json', 'print the verdicts as JSON')
    .addHelpText('after', NOTES)
    .action(execute);
}

async function execute(results: string, { tolerance, json }: Flags): Promise<void> {
  const judgements = judge(await readReproductions(results), tolerance);
  const count = (wanted: string) => judgements.filter(({ verdict }) => verdict === wanted).length;
  if (count('not measured') === judgements.length)
    throw new UsageError(`${results} has no number that the paper prints`);
  const good = isGood(judgements);
  const words = `${count('not worse')} not worse, ${count('worse')} worse, ${count('diverged')} diverged, ${count('not measured')} not measured.`;
  const text = json ? JSON.stringify(judgements, null, 2) : `${terminalTable(judgementTable(judgements))}\n${words}`;
  process.stdout.write(`${text}\n`);
  if (!good) process.exitCode = 1;
}

function points(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0) || value === Number.POSITIVE_INFINITY) {
    throw new InvalidArgumentError('must be a number of 0 or more.');
  }
  return value;
}
