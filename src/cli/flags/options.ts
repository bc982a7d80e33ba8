import { type Command, Option } from 'commander';
import { UsageError } from '../../errors';
import { FORMATS, type Format } from '../../report/comparison';
import { type ConfigFlags, withConfigFlags } from './config-flags';

/** Options that every command which runs methods has. */
export interface RunFlags extends ConfigFlags {
  readonly tier0?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Add those options to a command. */
export function withRunFlags(command: Command): Command {
  return withConfigFlags(command)
    .option('--tier0 <file>', 'start from this trained network (safetensors), or `model`: as the model comes')
    .option('--out <dir>', 'run directory; must not exist')
    .option('--json', 'print the result as JSON on standard output, everything else on standard error')
    .option('--quiet', 'print no progress');
}

/** Where the worker is, on commands that can use one on another machine. */
export interface WorkerFlags {
  readonly worker?: string;
  readonly keys?: string;
}

/** Add those options to a command. */
export function withWorkerFlags(command: Command): Command {
  return command
    .option('--worker <address>', 'use the worker that listens at tcp://HOST:PORT; its files and data are meant then')
    .option('--keys <dir>', "for --worker: this client's directory of keys, which `dsptt keys` makes");
}

/** The worker that the flags name; undefined: one of our own on this machine. */
export function workerOf({ worker, keys }: WorkerFlags): { address: string; keys: string } | undefined {
  if (worker === undefined && keys === undefined) return undefined;
  if (worker === undefined) throw new UsageError('--keys is for --worker tcp://HOST:PORT: give both');
  if (keys === undefined) throw new UsageError('--worker needs --keys DIR, which `dsptt keys` makes');
  return { address: worker, keys };
}

/** Options of commands that print a table. */
export interface ReportFlags extends RunFlags {
  readonly format: Format;
}

/** Add those options to a command. */
export function withReportFlags(command: Command): Command {
  return command.addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('terminal'));
}

/** The format asked for; `--json` is short for one of them. */
export function formatOf({ format, json }: ReportFlags): Format {
  if (!json) return format;
  if (format === 'terminal' || format === 'json') return 'json';
  throw new UsageError(`--json is short for --format json, but --format ${format} was given too`);
}

/**
 * Refuses flags that have no meaning beside others.
 * @param known the flags that have one
 * @param complaint says what is wrong with the flag that it is given
 * @throws UsageError on the first flag of the command line that is not known
 */
export function mustOnlyGive(command: Command, known: readonly string[], complaint: (flag: string) => string): void {
  for (const option of command.options) {
    const isGiven = command.getOptionValueSource(option.attributeName()) === 'cli';
    const flag = option.long ?? option.flags;
    if (isGiven && !known.includes(flag)) throw new UsageError(complaint(flag));
  }
}
