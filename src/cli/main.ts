import { CommanderError } from 'commander';
import pc from 'picocolors';
import { DataError, DspttError, UsageError } from '../errors';
import { plain } from '../report/printable';
import { COMMANDS } from './list';
import { needsWorker } from './needs-worker';
import { emptyProgram } from './program';

/**
 * Runs a command line. Returns 0 or the error's exit code: 2 for a wrong command line or configuration, 1 for a
 * failure, 130 or 143 for an interrupt.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const program = emptyProgram()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .configureHelp({ subcommandTerm: (command) => command.name() });
  const early = needsWorker(argv) ? earlyWorker() : undefined;
  try {
    await early?.startEarly();
    for (const { name, description, define } of COMMANDS) {
      const command = program.command(name).description(description);
      if (argv.includes(name)) define(command); // the help of other commands shows only name and description
    }
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help and --version
    return report(error instanceof CommanderError ? usage(error) : error, argv.includes('--debug'));
  } finally {
    await early?.endEarly();
  }
}

const earlyWorker = (): typeof import('../bridge/workers/early-worker') => require('../bridge/workers/early-worker');

function usage(error: CommanderError): UsageError {
  const message = error.message.replace(/^error: |\.$/g, '').replace(/\(outputHelp\)/, 'a command is missing');
  return new UsageError(`${message}; see dsptt --help`);
}

function report(error: unknown, debug: boolean): number {
  if (isSystemError(error)) return report(new DspttError(error.message, { cause: error }), debug);
  if (!(error instanceof DspttError)) throw error; // a bug: keep its stack trace
  process.stderr.write(`${pc.red(error.kind)}: ${plain(error.message)}\n`);
  if (debug) process.stderr.write(`${plain(`${error.traceback ?? ''}\n${error.stack ?? ''}`)}\n`);
  else if (error.traceback && !(error instanceof DataError))
    process.stderr.write('(run again with --debug for the Python traceback)\n');
  return error.exitCode;
}

/**
 * Reports whether the operating system refused an operation (no permission, disk full): the message names the call and
 * the path.
 */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
