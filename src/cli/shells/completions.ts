import type { Argument, Command, Option } from 'commander';
import { REPRODUCTIONS } from '../../paper';
import { ARCHITECTURES } from '../../paper/table-rows';
import { allSettings, CHOICES } from '../flags/choices';
import { CONFIG_FLAGS, longOf } from '../flags/config-flags';

/** Values of an option or argument: one of some words, a comma-separated list of them, files, settings, or anything. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'anything' };

export interface CompletedOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  /** Undefined for a flag that takes no value. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Values of its arguments; undefined if it takes none. */
  readonly values: Values | undefined;
}

const ALL = allSettings();

/** All settings that `--set` takes. */
export const SETTINGS = [...new Set(ALL.map(({ path }) => path.join('.')))];

/** Values that commander does not know, because another part of the program checks them. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(CONFIG_FLAGS.flatMap(wordsOfSetting)),
  '--preset': CHOICES.preset,
  '--method': CHOICES.method,
  '--device': ['auto', 'cpu', 'cuda'],
  '--zoo': CHOICES.zoo,
};
const LISTS: Readonly<Record<string, readonly string[]>> = {
  '--methods': CHOICES.method,
  '--architecture': Object.keys(ARCHITECTURES),
};
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  reproduce: [...new Set(REPRODUCTIONS.map(({ name }) => name))],
};

/** Returns what can be completed after each command of a program. */
export function completionsOf(program: Command): CompletedCommand[] {
  return program.commands.map((command) => {
    const help = command.createHelp();
    return {
      name: command.name(),
      description: command.description(),
      options: help.visibleOptions(command).flatMap(optionCompletion),
      values: command.registeredArguments.map((argument) => argumentValues(command, argument)).at(0),
    };
  });
}

/** Returns the options of the program itself. */
export function globalOptions(program: Command): CompletedOption[] {
  return program.createHelp().visibleOptions(program).flatMap(optionCompletion);
}

function optionCompletion(option: Option): CompletedOption[] {
  if (option.long == null) return [];
  const values = option.required || option.optional ? optionValues(option, option.long) : undefined;
  return [{ long: option.long, short: option.short ?? undefined, description: option.description, values }];
}

function optionValues(option: Option, long: string): Values {
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices };
  if (long === '--set') return { kind: 'settings' };
  if (Object.hasOwn(WORDS, long)) return { kind: 'words', words: WORDS[long] };
  if (Object.hasOwn(LISTS, long)) return { kind: 'list', words: LISTS[long] };
  return { kind: /<(file|dir|path)/.test(option.flags) ? 'files' : 'anything' };
}

function argumentValues(command: Command, { argChoices }: Argument): Values {
  const words = argChoices ?? ARGUMENTS[command.name()];
  return words === undefined ? { kind: 'files' } : { kind: 'words', words };
}

/** Returns the flag of a setting and its choices; nothing for a setting without choices. */
function wordsOfSetting(row: (typeof CONFIG_FLAGS)[number]): [string, readonly string[]][] {
  const choices = ALL.find(({ path }) => path.join('.') === row.path)?.choices;
  return choices === undefined ? [] : [[longOf(row), choices]];
}
