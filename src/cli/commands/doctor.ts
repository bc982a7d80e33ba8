import { resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { type Check, diagnose } from '../../bridge/workers/diagnose';
import { UsageError } from '../../errors';
import { diagnosePlace } from '../../run/session/diagnose-place';
import { type PlaceFlags, placeChoice, withPlaceFlags } from '../flags/options';
import { interruptible } from '../interrupt';

const MARKS = { ok: pc.green('ok  '), warning: pc.yellow('warn'), failed: pc.red('FAIL') } as const;

const EXAMPLES = `
Examples:
  dsptt doctor
  dsptt doctor --on 'slurm --gpus=1' --data-dir /shared/cifar10`;

interface Flags extends PlaceFlags {
  readonly device?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** Defines `dsptt doctor`: it checks the requirements of a run and prints a remedy for each that fails. */
export function doctorCommand(command: Command): void {
  withPlaceFlags(command)
    .option('--device <device>', 'for --on: the device to try there, such as cuda (default: auto)')
    .option('--data-dir <dir>', 'for --on: the folder of data that must be there')
    .option('--json', 'print the checks as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const checks = await checksOf(flags);
      process.stdout.write(flags.json ? `${JSON.stringify(checks, null, 2)}\n` : `${checks.map(line).join('\n')}\n`);
      if (checks.some(({ status }) => status === 'failed')) process.exitCode = 1;
    });
}

/** @throws UsageError for flags of a place without --on */
function checksOf({ device, dataDir, ...flags }: Flags): Promise<Check[]> {
  const choice = placeChoice(flags);
  if (choice.on !== undefined) {
    const request = { choice, device: device ?? 'auto', dataDir: dataDir && resolve(dataDir) };
    return interruptible((signal) => diagnosePlace(request, signal));
  }
  if (device === undefined && dataDir === undefined) return diagnose();
  throw new UsageError('--device and --data-dir are for --on: they say what a worker needs there');
}

function line({ name, status, found, remedy }: Check): string {
  const advice = remedy === null ? '' : `\n       ${pc.bold('->')} ${remedy}`;
  return `${MARKS[status]} ${name.padEnd(16)} ${found}${advice}`;
}
