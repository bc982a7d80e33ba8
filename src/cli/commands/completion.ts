import { Argument, type Command } from 'commander';
import { type Listed, wholeProgram } from '../program';
import { bashCompletion } from '../shells/bash';
import { completionsOf, globalOptions } from '../shells/completions';
import { fishCompletion } from '../shells/fish';
import { zshCompletion } from '../shells/zsh';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

const NOTE = `
Where dsptt is on the PATH (npm install --global), for this shell or from its start-up file on:
  bash:  eval "$(dsptt completion bash)"
  zsh:   source <(dsptt completion zsh)
  fish:  dsptt completion fish | source

Example:
  dsptt completion bash`;

/** `dsptt completion SHELL`: a script that completes commands, options and their values. */
export function completionCommand(command: Command, commands: readonly Listed[]): void {
  command
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(SHELLS)))
    .addHelpText('after', NOTE)
    .action((shell: keyof typeof SHELLS) => {
      const program = wholeProgram(commands);
      process.stdout.write(SHELLS[shell](completionsOf(program), globalOptions(program)));
    });
}
