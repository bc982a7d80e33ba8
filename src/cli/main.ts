import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { DspttError, UsageError } from '../errors';
import { plain } from '../report/plain';
import { VERSION } from '../version';
import { compareCommand } from './compare';
import { doctorCommand } from './doctor';
import { keysCommand } from './keys';
import { modelsCommand } from './models';
import { quickstartCommand } from './quickstart';
import { regressCommand } from './regress';
import { reproduceCommand } from './reproduce';
import { resumeCommand } from './resume';
import { runCommand } from './run';
import { sweepCommand } from './sweep';
import { verifyExitCommand } from './verify-exit';

/** In the order in which help lists them. */
const COMMANDS = [
  runCommand,
  resumeCommand,
  compareCommand,
  sweepCommand,
  verifyExitCommand,
  reproduceCommand,
  regressCommand,
  modelsCommand,
  keysCommand,
  doctorCommand,
  quickstartCommand,
];

/**
 * The command line. Ends with 0, or with the error's exit code: 2 for a wrong command line or configuration, 1 for a
 * failure, 130 or 143 for an interrupt.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('dsptt')
    .description('Find several good, different local optima of one network in one training session, and ensemble them.')
    .version(VERSION)
    .option('--debug', "show stack traces and the worker's Python traceback")
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const command of COMMANDS) {
    program.addCommand(command().copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help and --version
    return report(error instanceof CommanderError ? usage(error) : error, argv.includes('--debug'));
  }
}

function usage(error: CommanderError): UsageError {
  const message = error.message.replace(/^error: /, '').replace(/\(outputHelp\)/, 'a command is missing');
  return new UsageError(`${message}; see dsptt --help`);
}

function report(error: unknown, debug: boolean): number {
  if (isSystemError(error)) return report(new DspttError(error.message, { cause: error }), debug);
  if (!(error instanceof DspttError)) throw error; // a bug: keep its stack trace
  process.stderr.write(`${pc.red(error.kind)}: ${plain(error.message)}\n`);
  if (debug) process.stderr.write(`${plain(`${error.traceback ?? ''}\n${error.stack ?? ''}`)}\n`);
  else if (error.traceback) process.stderr.write('(run again with --debug for the Python traceback)\n');
  return error.exitCode;
}

/** What the operating system refused (no permission, disk full): its message names the call and the path. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
