import type { Command } from 'commander';

/** What a command's help says after its options: notes and examples. */
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
