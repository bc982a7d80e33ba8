import type { Command } from 'commander';

/** Returns the text after the options of a command's help: notes and examples. */
export function helpNotes(command: Command): string {
  let printed = '';
  command.configureOutput({
    writeOut: (text) => {
      printed += text;
    },
  });
  command.outputHelp();
  return printed.slice(command.helpInformation().length).trim();
}
