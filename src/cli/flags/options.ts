import { type Command, Option } from 'commander';
import { dsptt } from '../../command-name';
import { UsageError } from '../../errors';
import { FORMATS, type Format } from '../../report/comparison';
import type { WorkerChoice } from '../../run/session/worker-choice';
import { type ConfigFlags, withConfigFlags } from './config-flags';
import { amounts, atLeastOne, count } from './parsers';

/** Options of every command that runs methods. */
export interface RunFlags extends ConfigFlags {
  readonly tier0?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds the run options to a command. */
export function withRunFlags(command: Command): Command {
  return withConfigFlags(command)
    .option(
      '--tier0 <file>',
      'start from this trained network (safetensors, torch.save), or `model`: from the weights that the model comes with',
    )
    .option('--out <dir>', 'run directory; must not exist')
    .option('--json', 'print the result as JSON on standard output, everything else on standard error')
    .option('--quiet', 'print no progress');
}

/** Options of commands that can use a worker on another machine. */
export interface WorkerFlags extends PlaceFlags {
  readonly worker?: string;
  readonly keys?: string;
}

/** Options of commands that can start workers elsewhere. */
export interface PlaceFlags {
  readonly on?: string;
  readonly workerPython?: string;
  readonly gpusPerWorker?: number;
  readonly cpusPerWorker?: number;
  readonly rayResources?: Readonly<Record<string, number>>;
}

/** Adds the options of the workers' place to a command. */
export function withPlaceFlags(command: Command): Command {
  return command
    .option('--on <where>', 'start workers there: gpus, ray, "srun ...", "slurm ...", "ssh HOST" or "command ..."')
    .option('--worker-python <path>', 'for --on: the Python that has torch there (default: the same path as here)')
    .option('--gpus-per-worker <n>', 'for --on ray: GPUs of each worker (default: 1, or 0 for --device cpu)', count)
    .option('--cpus-per-worker <n>', 'for --on ray: processors of each worker (default: 1)', atLeastOne)
    .option('--ray-resources <json>', 'for --on ray: other resources of each worker, {"NAME": AMOUNT}', amounts);
}

/**
 * Returns the options of a session whose workers start where the flags say.
 * @param device the device of the runs, where it is known
 * @throws UsageError for flags that have no meaning there
 */
export function placeChoice(flags: PlaceFlags, device = 'auto'): WorkerChoice {
  const { on, workerPython: python, gpusPerWorker, cpusPerWorker: cpus, rayResources: resources } = flags;
  if (on !== 'ray' && [gpusPerWorker, cpus, resources].some((flag) => flag !== undefined)) {
    throw new UsageError('--gpus-per-worker, --cpus-per-worker and --ray-resources are for --on ray');
  }
  if (on === undefined) {
    if (python === undefined) return {};
    throw new UsageError('--worker-python is for --on: a worker on this machine takes the Python of DSPTT_PYTHON');
  }
  const onWait = (message: string) => process.stderr.write(`${message}\n`);
  if (on !== 'ray') return { on, python, onWait };
  const gpus = gpusPerWorker ?? (device === 'cpu' ? 0 : 1);
  return { on: { kind: 'ray', gpus, cpus, resources }, python, onWait };
}

/** Adds the worker options to a command. */
export function withWorkerFlags(command: Command): Command {
  return withPlaceFlags(command)
    .option(
      '--worker <address>',
      'use the worker that listens at tcp://HOST:PORT; files and data are then those of its machine',
    )
    .option('--keys <dir>', "for --worker: this client's key directory, which `dsptt keys` creates");
}

/**
 * Returns the options of a session whose worker the flags choose.
 * @throws UsageError for flags that exclude or lack each other
 */
export function workerChoice(flags: WorkerFlags, device?: string): WorkerChoice {
  return { worker: workerOf(flags), ...placeChoice(flags, device) };
}

/**
 * Returns the worker that the flags name; undefined for a local one.
 * @throws UsageError if only one of --worker and --keys is given
 */
function workerOf({ worker, keys }: WorkerFlags): { address: string; keys: string } | undefined {
  if (worker === undefined && keys === undefined) return undefined;
  if (worker === undefined) throw new UsageError('--keys is for --worker tcp://HOST:PORT: give both');
  if (keys === undefined) throw new UsageError(`--worker needs --keys DIR, which \`${dsptt('keys', 'DIR')}\` creates`);
  return { address: worker, keys };
}

/** Options of commands that print a table. */
export interface ReportFlags extends RunFlags {
  readonly format: Format;
}

/** Adds the report options to a command. */
export function withReportFlags(command: Command): Command {
  return command.addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('terminal'));
}

/**
 * Returns the requested format; `--json` is short for `--format json`.
 * @throws UsageError if `--json` contradicts `--format`
 */
export function formatOf({ format, json }: ReportFlags): Format {
  if (!json) return format;
  if (format === 'terminal' || format === 'json') return 'json';
  throw new UsageError(`--json is short for --format json, but --format ${format} was given too`);
}

/**
 * Refuses flags that have no meaning with the ones in use.
 * @param known the flags that have one
 * @param complaint returns the error message for a flag
 * @throws UsageError on the first flag of the command line that is not known
 */
export function mustOnlyGive(command: Command, known: readonly string[], complaint: (flag: string) => string): void {
  for (const option of command.options) {
    const isGiven = command.getOptionValueSource(option.attributeName()) === 'cli';
    const flag = option.long ?? option.flags;
    if (isGiven && !known.includes(flag)) throw new UsageError(complaint(flag));
  }
}
