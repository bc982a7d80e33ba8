import { type Command, InvalidArgumentError, Option } from 'commander';
import { PRESETS } from '../config/presets';
import { SCALES } from '../config/presets/scales';
import type { ConfigLayer } from '../config/resolve';
import { UsageError } from '../errors';
import { FORMATS, type Format } from '../report/comparison';
import { asSettings, parseSetting, readConfigFile } from './config-file';

/** Options that state a configuration. */
export interface ConfigFlags {
  readonly preset?: string;
  readonly scale?: string;
  readonly config?: string;
  readonly paths?: number;
  readonly tiers?: number[];
  readonly fullTrain?: boolean;
  readonly averageMembers?: boolean;
  readonly verify?: string;
  readonly selection?: string;
  readonly budget?: number;
  readonly batchChunks?: number;
  readonly allowChunkedBn?: boolean;
  readonly device?: string;
  readonly threads?: number;
  readonly precision?: string;
  readonly compile?: boolean;
  readonly channelsLast?: boolean;
  readonly graphs?: string;
  readonly data?: string;
  readonly membersAtOnce?: number;
  readonly membersWay?: string;
  readonly dataDir?: string;
  readonly set: readonly string[];
}

/** Add those options to a command. */
export function withConfigFlags(command: Command): Command {
  return command
    .option('--preset <name>', `start from a preset: ${Object.keys(PRESETS).join(', ')}`)
    .option('--scale <scale>', `of the preset: ${SCALES.join(', ')} (default: full)`)
    .option('--config <file>', 'YAML or JSON with what differs from the preset')
    .option('--tiers <numbers>', 'search paths of tier 1, 2 ..., such as 5,5', counts)
    .option('--paths <n>', 'short for --tiers with one tier', count)
    .option('--full-train', 'tier 0 and every member train for a whole budget each')
    .option('--average-members', "end each member's descent in an average of its weights")
    .option('--verify <how>', 'barrier: an exit counts only behind a loss barrier; or none')
    .option('--selection <rule>', 'which candidates make the result: all, best, greedy or diverse (on validation data)')
    .option('--budget <steps>', 'gradient evaluations in all, search included', count)
    .option('--batch-chunks <n>', 'run a batch in so many parts, which takes less memory', count)
    .option('--allow-chunked-bn', 'also with batch norm, whose statistics are then those of a part')
    .option('--device <device>', 'auto, cpu, cuda or cuda:N')
    .option('--threads <n>', 'CPU threads of the worker', count)
    .option('--precision <name>', 'fp32, bf16 (forward pass in bfloat16) or tf32 (CUDA only)')
    .option('--compile', 'torch.compile for training and search')
    .option('--channels-last', 'images with their channels last in memory')
    .option('--graphs <how>', 'on CUDA, steps as CUDA graphs: auto (where possible) or off')
    .option('--data <where>', 'samples on the device, or brought batch by batch (stream); auto: what memory allows')
    .option('--members-at-once <n>', 'train so many networks at once where none depends on another', count)
    .option('--members-way <way>', 'how: processes, stack, or auto (default: what is faster for the network)')
    .option('--data-dir <dir>', "folder with the data set's files")
    .option('--set <key=value>', 'any other setting, such as dspTt.rho1.max=0.5 (repeatable)', collect, []);
}

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

/** The configuration's layers that a command line states, lowest first. */
export function configLayers(flags: ConfigFlags): ConfigLayer[] {
  if (flags.preset === undefined && flags.config === undefined) {
    throw new UsageError('say what to run: --preset NAME or --config FILE (see dsptt run --help)');
  }
  const values = {
    ...(flags.preset !== undefined && { preset: flags.preset }),
    ...(flags.scale !== undefined && { scale: flags.scale }),
    ...(flags.budget !== undefined && { budget: { steps: flags.budget } }),
    ...(flags.batchChunks !== undefined && { batchChunks: flags.batchChunks }),
    ...(flags.allowChunkedBn !== undefined && { allowChunkedBn: flags.allowChunkedBn }),
    ...(flags.device !== undefined && { device: flags.device }),
    ...(flags.threads !== undefined && { threads: flags.threads }),
    ...(flags.precision !== undefined && { precision: flags.precision }),
    ...(flags.compile !== undefined && { compile: flags.compile }),
    ...(flags.channelsLast !== undefined && { channelsLast: flags.channelsLast }),
    ...(flags.graphs !== undefined && { graphs: flags.graphs }),
    ...(flags.data !== undefined && { data: flags.data }),
    ...(flags.membersAtOnce !== undefined && { membersAtOnce: flags.membersAtOnce }),
    ...(flags.membersWay !== undefined && { membersWay: flags.membersWay }),
    ...(flags.dataDir !== undefined && { dataset: { dir: flags.dataDir } }),
    ...(flags.selection !== undefined && { selection: { rule: flags.selection } }),
    ...dspTtSettings(flags),
  };
  const file = flags.config === undefined ? [] : [readConfigFile(flags.config)];
  const flagged = { from: 'command line', values: asSettings(values, 'the command line') };
  return [...file, flagged, ...flags.set.map(parseSetting)];
}

function dspTtSettings(flags: ConfigFlags) {
  const { paths, tiers = paths === undefined ? undefined : [paths], fullTrain, averageMembers, verify } = flags;
  if (paths !== undefined && flags.tiers !== undefined) throw new UsageError('--paths is short for --tiers: give one');
  const dspTt = {
    ...(tiers !== undefined && { tiers }),
    ...(fullTrain !== undefined && { fullTrain }),
    ...(averageMembers !== undefined && { averageMembers }),
    ...(verify !== undefined && { verify }),
  };
  return Object.keys(dspTt).length > 0 ? { dspTt } : {};
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

/** An integer flag that must be zero or more. Ranges are the schema's business. */
export function count(text: string): number {
  return wholeNumber(text, 0);
}

/** An integer flag that must be one or more. */
export function atLeastOne(text: string): number {
  return wholeNumber(text, 1);
}

/** A flag that must be a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('must be a number above 0.');
  return value;
}

function wholeNumber(text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || text.trim() === '') {
    throw new InvalidArgumentError(`must be a whole number of ${least} or more.`);
  }
  return value;
}

/** A port; 0: one that is free. */
export function port(text: string): number {
  const value = count(text);
  if (value > 65_535) throw new InvalidArgumentError('must be 0 to 65535.');
  return value;
}

/** Integers of zero or more, separated by commas. */
export function counts(text: string): number[] {
  return list(text).map(count);
}

/** Numbers, separated by commas. */
export function numbers(text: string): number[] {
  return list(text).map((part) => {
    const value = Number(part);
    if (part === '' || !Number.isFinite(value)) throw new InvalidArgumentError('must be numbers, separated by commas.');
    return value;
  });
}

/** More seeds than anyone waits for: a range typed wrongly. */
const MOST_SEEDS = 10_000;

/** Seeds: `0,2,7`, ranges such as `0-9`, or both. */
export function seeds(text: string): number[] {
  const all = list(text).flatMap((part) => {
    const [from, to = from, ...more] = part.split('-').map(count);
    if (more.length > 0 || to < from || to - from >= MOST_SEEDS)
      throw new InvalidArgumentError('must be such as 0,2 or 0-9.');
    return Array.from({ length: to - from + 1 }, (_, k) => from + k);
  });
  if (new Set(all).size < all.length) throw new InvalidArgumentError('names a seed twice.');
  return all;
}

/** A list of names, separated by commas. */
export function list(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
