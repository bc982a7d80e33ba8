import type { Argument, Command, Option } from 'commander';
import { analyticSchema } from '../../config/analytic';
import { optionsOf, type Option as Setting } from '../../config/option-tree';
import { SCALES } from '../../config/scale';
import { configSchema } from '../../config/schema';
import { REPRODUCTIONS } from '../../paper';
import { CHOICES } from '../choices';

/** What may follow an option, or stand as an argument: some words, or several of them between commas; files; or anything. */
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
  /** What its arguments can be; undefined where it takes none. */
  readonly values: Values | undefined;
}

const OPTIONS = [configSchema, analyticSchema].flatMap((schema) => optionsOf(schema));

/** Values that the command line does not know, because another part of the program judges them. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(OPTIONS.flatMap(namesake)),
  '--preset': CHOICES.preset,
  '--scale': SCALES,
  '--method': CHOICES.method,
  '--verify': choicesOf('dspTt.verify'),
  '--selection': choicesOf('selection.rule'),
  '--direction': choicesOf('search.direction'),
  '--device': ['auto', 'cpu', 'cuda'],
  '--zoo': ['pytorchcv', 'timm', 'torchvision'],
};
const LISTS: Readonly<Record<string, readonly string[]>> = {
  '--methods': CHOICES.method,
  '--architecture': ['vgg', 'resnet', 'densenet'],
};
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  reproduce: [...new Set(REPRODUCTIONS.map(({ name }) => name))],
};

/** All settings that `--set` takes. */
export const SETTINGS = [
  ...new Set(OPTIONS.flatMap(({ path, values }) => (values === undefined ? [] : [path.join('.')]))),
];

/** What can be completed after each command of a program. */
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

/** The options of the program itself. */
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

/** A setting of the outermost level has the same choices where the command line has it as an option. */
function namesake({ path, choices }: Setting): [string, readonly string[]][] {
  const long = `--${path[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return path.length === 1 && choices !== undefined ? [[long, choices]] : [];
}

function choicesOf(setting: string): readonly string[] {
  return OPTIONS.find(({ path }) => path.join('.') === setting)?.choices ?? [];
}
