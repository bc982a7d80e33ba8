import type { Command } from 'commander';
import pc from 'picocolors';
import { type Check, diagnose } from '../../bridge/workers/diagnose';

const MARKS = { ok: pc.green('ok  '), warning: pc.yellow('warn'), failed: pc.red('FAIL') } as const;

/** Defines `dsptt doctor`: it checks the requirements of a run and prints a remedy for each that fails. */
export function doctorCommand(command: Command): void {
  command
    .option('--json', 'print the checks as JSON')
    .addHelpText('after', '\nExample:\n  dsptt doctor')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const checks = await diagnose();
      process.stdout.write(json ? `${JSON.stringify(checks, null, 2)}\n` : `${checks.map(line).join('\n')}\n`);
      if (checks.some(({ status }) => status === 'failed')) process.exitCode = 1;
    });
}

function line({ name, status, found, remedy }: Check): string {
  const advice = remedy === null ? '' : `\n       ${pc.bold('->')} ${remedy}`;
  return `${MARKS[status]} ${name.padEnd(16)} ${found}${advice}`;
}
