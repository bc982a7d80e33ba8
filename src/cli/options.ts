import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { parse } from 'yaml';
import type { ConfigLayer } from '../config/resolve';
import type { ConfigInput } from '../config/schema';
import { ConfigError, UsageError } from '../errors';

/** Options that every command which runs methods has. */
export interface RunFlags {
  readonly preset?: string;
  readonly config?: string;
  readonly paths?: number;
  readonly budget?: number;
  readonly device?: string;
  readonly threads?: number;
  readonly dataDir?: string;
  readonly set: readonly string[];
  readonly tier0?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Add those options to a command. */
export function withRunFlags(command: Command): Command {
  return command
    .option('--preset <name>', 'start from a preset: digits or wine')
    .option('--config <file>', 'YAML or JSON with what differs from the preset')
    .option('--paths <n>', 'search paths of the tier', count)
    .option('--budget <steps>', 'gradient evaluations in all, search included', count)
    .option('--device <device>', 'auto, cpu, cuda or cuda:N')
    .option('--threads <n>', 'CPU threads of the worker', count)
    .option('--data-dir <dir>', "folder with the data set's files")
    .option('--set <key=value>', 'any other setting, such as dspTt.rho1.max=0.5 (repeatable)', collect, [])
    .option('--tier0 <file>', 'start from this trained network (safetensors)')
    .option('--out <dir>', 'run directory; must not exist')
    .option('--json', 'print the result as JSON on standard output, everything else on standard error')
    .option('--quiet', 'print no progress');
}

/** The configuration's layers that a command line states, lowest first. */
export function configLayers(flags: RunFlags): ConfigLayer[] {
  if (flags.preset === undefined && flags.config === undefined) {
    throw new UsageError('say what to run: --preset NAME or --config FILE (see dsptt run --help)');
  }
  const values: ConfigInput = {
    ...(flags.preset !== undefined && { preset: flags.preset }),
    ...(flags.paths !== undefined && { dspTt: { paths: flags.paths } }),
    ...(flags.budget !== undefined && { budget: { steps: flags.budget } }),
    ...(flags.device !== undefined && { device: flags.device }),
    ...(flags.threads !== undefined && { threads: flags.threads }),
    ...(flags.dataDir !== undefined && { dataset: { dir: flags.dataDir } }),
  };
  const file = flags.config === undefined ? [] : [{ from: flags.config, values: readConfig(flags.config) }];
  const sets = flags.set.map((setting) => ({ from: `--set ${setting}`, values: parseSetting(setting) }));
  return [...file, { from: 'command line', values }, ...sets];
}

/** An integer flag that must be zero or more. Ranges are the schema's business. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0 || text.trim() === '') {
    throw new InvalidArgumentError('must be a whole number of 0 or more.');
  }
  return value;
}

/** A list of names, separated by commas. */
export function list(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function readConfig(path: string): ConfigInput {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`cannot read the configuration ${path} (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
  return asObject(parseYaml(text, path), path);
}

/** `a.b.c=value`, the value in YAML, as a nested object. */
function parseSetting(setting: string): ConfigInput {
  const [, path, text] = /^([\w.]+)=(.*)$/s.exec(setting) ?? [];
  if (path === undefined) throw new UsageError(`--set takes key=value, such as dspTt.rho1.max=0.5, got '${setting}'`);
  const value = path
    .split('.')
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), parseYaml(text, `--set ${setting}`));
  return asObject(value, `--set ${setting}`);
}

function parseYaml(text: string, from: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new ConfigError(`${from} is not YAML or JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Only its being an object is checked here: the schema judges the whole once all layers are merged. */
function asObject(value: unknown, from: string): ConfigInput {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError(`${from} must hold keys and values, got ${JSON.stringify(value)}`);
}
