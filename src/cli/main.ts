import { CommanderError } from 'commander';
import pc from 'picocolors';
import { DSPTT, dsptt } from '../command-name';
import { DataError, DspttError, UsageError } from '../errors';
import { plain } from '../report/printable';
import { messageWidth, wrapped } from '../report/wrap';
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
    .configureOutput({ writeErr: () => {}, writeOut: (text) => process.stdout.write(withCommandName(text)) })
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
    return report(error instanceof CommanderError ? usage(error, argv) : error, argv.includes('--debug'));
  } finally {
    await early?.endEarly();
  }
}

const earlyWorker = (): typeof import('../bridge/workers/early-worker') => require('../bridge/workers/early-worker');

/** Replaces the bare name at the start of examples, which the reference prints, by the words that start us here. */
function withCommandName(help: string): string {
  return help.replace(/^( +)dsptt (?=[a-z])/gm, `$1${DSPTT} `);
}

function usage(error: CommanderError, argv: readonly string[]): UsageError {
  const message = error.message.replace(/^error: |\.$/g, '').replace(/\(outputHelp\)/, 'a command is missing');
  const named = argv.find((argument) => !argument.startsWith('-'));
  const isKnown = COMMANDS.some(({ name }) => name === named);
  return new UsageError(`${message}; see \`${named && isKnown ? dsptt(named, '--help') : dsptt('help')}\``);
}

function report(error: unknown, debug: boolean): number {
  if (isSystemError(error)) return report(new DspttError(error.message, { cause: error }), debug);
  if (!(error instanceof DspttError)) throw error; // a bug: keep its stack trace
  const message = wrapped(`${error.kind}: ${error.message}`, messageWidth(process.stderr));
  process.stderr.write(`${message.replace(error.kind, pc.red)}\n`);
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
