import { Argument, type Command } from 'commander';
import { type Listed, wholeProgram } from '../program';
import { bashCompletion } from '../shells/bash';
import { completionsOf, globalOptions } from '../shells/completions';
import { fishCompletion } from '../shells/fish';
import { zshCompletion } from '../shells/zsh';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

const NOTE = `
If dsptt is on the PATH (npm install --global), in this shell or in its start-up file:
  bash:  eval "$(dsptt completion bash)"
  zsh:   source <(dsptt completion zsh)
  fish:  dsptt completion fish | source

Example:
  dsptt completion bash`;

/** Defines `dsptt completion SHELL`: it prints a script that completes commands, options and their values. */
export function completionCommand(command: Command, commands: readonly Listed[]): void {
  command
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(Object.keys(SHELLS)))
    .addHelpText('after', NOTE)
    .action((shell: keyof typeof SHELLS) => {
      const program = wholeProgram(commands);
      process.stdout.write(SHELLS[shell](completionsOf(program), globalOptions(program)));
    });
}
