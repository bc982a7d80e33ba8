import { type Command, type CommanderError, Option } from 'commander';
import { dsptt } from '../../command-name';
import { PRESETS } from '../../config/presets';
import { type ConfigLayer, merge } from '../../config/resolve';
import { PRESET_SIZES } from '../../config/scale';
import { UsageError } from '../../errors';
import { METHODS } from '../../methods';
import { allSettings } from './choices';
import { asSettings, nested, parseSetting, readConfigFile } from './config-file';
import { count, counts } from './parsers';

/** A flag that states one setting of the configuration. */
interface ConfigFlag {
  /** The flag and its value, as `--help` shows them. */
  readonly flag: string;
  /** Path of the setting: its keys from the outside in, joined by dots. */
  readonly path: string;
  readonly help: string;
  /** Converts the text to the value; by default the text is the value. */
  readonly parse?: (text: string) => unknown;
  /** The commands that have the flag; by default all that state a configuration. */
  readonly commands?: readonly string[];
  /** Set if the flag applies to closed-form objectives too. */
  readonly closedForm?: true;
}

/** Commands with one method and one seed; compare and sweep have --methods and --seeds instead. */
const ONE_RUN = ['run', 'config'];

/** All flags that state a setting, in the order of help. To add one: an entry here, and its name in test/cli/frozen-flags.test.ts. */
export const CONFIG_FLAGS: readonly ConfigFlag[] = [
  {
    flag: '--preset <name>',
    path: 'preset',
    help: `start from a preset: ${Object.keys(PRESETS).join(', ')}`,
    closedForm: true,
  },
  { flag: '--scale <scale>', path: 'scale', help: `scale of the preset: ${PRESET_SIZES.join(', ')} (default: full)` },
  {
    flag: '--method <name>',
    path: 'method',
    help: `${Object.keys(METHODS).join(', ')} (default: dsp-tt)`,
    commands: ONE_RUN,
  },
  {
    flag: '--seed <n>',
    path: 'seed',
    help: 'seed of all random streams',
    parse: count,
    commands: ONE_RUN,
    closedForm: true,
  },
  {
    flag: '--direction <kind>',
    path: 'search.direction',
    help: 'on closed-form objectives: coordinate, hessian, random or dynamic search paths',
    commands: ['run'],
    closedForm: true,
  },
  { flag: '--tiers <numbers>', path: 'dspTt.tiers', help: 'search paths of tier 1, 2 ..., such as 5,5', parse: counts },
  { flag: '--paths <n>', path: 'dspTt.tiers', help: 'short for --tiers with one tier', parse: (text) => [count(text)] },
  { flag: '--verify <how>', path: 'dspTt.verify', help: 'barrier: an exit counts only behind a loss barrier; or none' },
  {
    flag: '--selection <rule>',
    path: 'selection.rule',
    help: 'which candidates make the result: all, best, greedy or diverse (on validation data)',
  },
  { flag: '--barriers <which>', path: 'barriers', help: 'loss barriers to measure: all, parent or none' },
  {
    flag: '--budget <steps>',
    path: 'budget.steps',
    help: 'gradient evaluations in all, search included',
    parse: count,
  },
  { flag: '--device <device>', path: 'device', help: 'auto, cpu, cuda or cuda:N' },
  { flag: '--threads <n>', path: 'threads', help: 'CPU threads of the worker', parse: count },
  { flag: '--precision <name>', path: 'precision', help: 'fp32, bf16 (forward pass in bfloat16) or tf32 (CUDA only)' },
  {
    flag: '--members-at-once <n>',
    path: 'membersAtOnce',
    help: 'networks to train at once, where none depends on another',
    parse: count,
  },
  { flag: '--data-dir <dir>', path: 'dataset.dir', help: "folder with the data set's files" },
];

/** The flags that commands read by name; the settings of all others are read through the table. */
export interface ConfigFlags {
  readonly preset?: string;
  readonly config?: string;
  readonly set: readonly string[];
}

/** Adds the flags that state a configuration to a command. */
export function withConfigFlags(command: Command): Command {
  for (const { flag, help, parse = asText, commands = [command.name()] } of CONFIG_FLAGS) {
    if (commands.includes(command.name())) command.option(flag, help, parse);
  }
  return command
    .exitOverride((error) => {
      throw settingInstead(error) ?? error;
    })
    .option('--config <file>', 'YAML or JSON file with the settings that differ from the preset')
    .option('--set <key=value>', 'any other setting, such as dspTt.rho1.max=0.5 (repeatable)', collect, []);
}

/**
 * Returns the configuration layers that a command line states, lowest first.
 * @throws UsageError without --preset and --config, or if two flags state one setting; ConfigError on an unreadable
 *   file
 */
export function configLayers(flags: ConfigFlags): ConfigLayer[] {
  if (flags.preset === undefined && flags.config === undefined) {
    throw new UsageError(`say what to run: --preset NAME or --config FILE (see \`${dsptt('run', '--help')}\`)`);
  }
  const file = flags.config === undefined ? [] : [readConfigFile(flags.config)];
  const flagged = { from: 'command line', values: asSettings(settingsOf(flags), 'the command line') };
  return [...file, flagged, ...flags.set.map(parseSetting)];
}

/** Returns the long name of a flag: `--seed` for `--seed <n>`. */
export function longOf({ flag }: ConfigFlag): string {
  return flag.split(' ')[0];
}

function settingsOf(flags: object): object {
  const values = new Map<string, unknown>(Object.entries(flags));
  const given = ({ flag }: ConfigFlag) => values.get(new Option(flag).attributeName());
  const stated = CONFIG_FLAGS.filter((row) => given(row) !== undefined);
  const twice = stated.filter((row) => stated.some((other) => other !== row && other.path === row.path));
  if (twice.length > 0) {
    throw new UsageError(`give one of ${twice.map(longOf).join(' and ')}: both state ${twice[0].path}`);
  }
  return stated.map((row) => nested(row.path, given(row))).reduce(merge, {});
}

/**
 * Returns the error for an unknown option that is the name of a setting without a flag: it says which `--set` to write.
 */
function settingInstead({ code, message }: CommanderError): UsageError | undefined {
  const [option] = /--[\w-]+/.exec(message) ?? [];
  if (code !== 'commander.unknownOption' || option === undefined) return undefined;
  const name = new Option(option).attributeName();
  const settings = allSettings()
    .filter(({ path }) => path.at(-1) === name && !CONFIG_FLAGS.some((row) => row.path === path.join('.')))
    .map(({ path, values }) => `--set ${path.join('.')}=${values === 'true or false' ? 'true' : 'VALUE'}`);
  return settings.length > 0 ? new UsageError(`unknown option '${option}': write ${settings.join(' or ')}`) : undefined;
}

function asText(text: string): string {
  return text;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
