import { Command } from 'commander';
import { VERSION } from '../version';

/** Entry of the command list; `define` loads the command's module, which adds arguments, options and the action. */
export interface Listed {
  readonly name: string;
  readonly description: string;
  readonly define: (command: Command) => void;
}

/** Creates `dsptt` without its commands. */
export function emptyProgram(): Command {
  return new Command('dsptt')
    .description('Find several good, different local optima of one network in one training session, and ensemble them.')
    .version(VERSION)
    .option('--debug', "show stack traces and the worker's Python traceback");
}

/** Creates `dsptt` with all these commands loaded, for the generated reference, the shell completion and tests. */
export function wholeProgram(commands: readonly Listed[]): Command {
  const program = emptyProgram();
  for (const { name, description, define } of commands) define(program.command(name).description(description));
  return program;
}
