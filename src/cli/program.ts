import { Command } from 'commander';
import { VERSION } from '../version';
import type { Listed } from './commands';

/** `dsptt` without its commands. */
export function emptyProgram(): Command {
  return new Command('dsptt')
    .description('Find several good, different local optima of one network in one training session, and ensemble them.')
    .version(VERSION)
    .option('--debug', "show stack traces and the worker's Python traceback");
}

/** `dsptt` with all these commands loaded, for what describes them: the reference, the completion, tests. */
export function wholeProgram(commands: readonly Listed[]): Command {
  const program = emptyProgram();
  for (const { command } of commands) program.addCommand(command());
  return program;
}
