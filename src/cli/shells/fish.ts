import { type CompletedCommand, type CompletedOption, SETTINGS, type Values } from './completions';

/** Returns the completion script for fish, with the descriptions that `--help` shows. */
export function fishCompletion(commands: readonly CompletedCommand[], options: readonly CompletedOption[]): string {
  const none = `not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`;
  const lines = [
    '# fish completion of dsptt: dsptt completion fish | source',
    'complete -c dsptt -f',
    ...options.map((option) => optionLine(none, option)),
    ...commands.map(({ name, description }) => line(none, `-a ${name}`, description)),
    ...commands.flatMap(ofCommand),
  ];
  return `${lines.join('\n')}\n`;
}

function ofCommand({ name, options, values }: CompletedCommand): string[] {
  const after = `__fish_seen_subcommand_from ${name}`;
  const argument = values === undefined ? [] : [`complete -c dsptt -n '${after}' ${argumentFlags(values)}`];
  return [...options.map((option) => optionLine(after, option)), ...argument];
}

function optionLine(condition: string, { long, short, description, values }: CompletedOption): string {
  const names = `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
  return line(condition, values === undefined ? names : `${names} ${valueFlags(values)}`, description);
}

function valueFlags(values: Values): string {
  if (values.kind === 'files') return '-r -F';
  return values.kind === 'anything' ? '-x' : `-x -a ${quoted(wordsOf(values))}`;
}

function argumentFlags(values: Values): string {
  return values.kind === 'files' ? '-F' : `-a ${quoted(wordsOf(values))}`;
}

function wordsOf(values: Values): string {
  if (values.kind === 'settings') return SETTINGS.map((setting) => `${setting}=`).join(' ');
  return 'words' in values ? values.words.join(' ') : '';
}

function line(condition: string, flags: string, description: string): string {
  return `complete -c dsptt -n ${quoted(condition)} ${flags} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
