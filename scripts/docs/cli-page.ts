import type { Command } from 'commander';
import { COMMANDS } from '../../src/cli/list';
import { wholeProgram } from '../../src/cli/program';
import { helpNotes } from './help-notes';
import { code, row, table } from './markdown';

/** Returns docs/reference/cli.md. */
export function cliPage(): string {
  const program = wholeProgram(COMMANDS);
  return `# Command line

Made from the commands by \`npm run docs\`; not to be edited by hand.

${program.description()} In a checkout, a command is \`npx --no dsptt COMMAND\`; where the package is installed, \`npx dsptt COMMAND\`.
\`npx --no -- dsptt --help\` and \`--version\` answer for the program itself; without the \`--\`, npm answers.

${table(
  ['command', ''],
  program.commands.map((command) =>
    row([`[${code(command.name())}](#dsptt-${command.name()})`, command.description()]),
  ),
)}

Exit codes: 0; 1 for a failure; 2 for a wrong command line or configuration; 130 and 143 after Ctrl-C and SIGTERM.

Every command takes \`--help\`, and these before its name:

${optionsTable(program)}

${program.commands.map(section).join('\n\n')}
`;
}

function section(command: Command): string {
  const notes = helpNotes(command);
  const parts = [
    `## dsptt ${command.name()}`,
    `${command.description()}.`,
    fence(`dsptt ${command.name()} ${command.usage()}`),
    command.registeredArguments.length > 0 ? argumentsTable(command) : '',
    optionsTable(command),
    notes === '' ? '' : fence(notes),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function argumentsTable(command: Command): string {
  const help = command.createHelp();
  const rows = help
    .visibleArguments(command)
    .map((argument) => row([code(help.argumentTerm(argument)), help.argumentDescription(argument)]));
  return table(['argument', ''], rows);
}

function optionsTable(command: Command): string {
  const help = command.createHelp();
  const rows = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map((option) => row([code(help.optionTerm(option)), help.optionDescription(option)]));
  return rows.length === 0 ? '' : table(['option', ''], rows);
}

function fence(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
