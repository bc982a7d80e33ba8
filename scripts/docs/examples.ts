import type { Command } from 'commander';
import { helpNotes } from './help-notes';

/** Returns the command lines of the examples in a command's help, without `dsptt` and without their remarks. */
export function examplesOf(command: Command): string[] {
  const lines = helpNotes(command).split('\n');
  return lines.flatMap((line) => /^ {2}dsptt (.+?)(?: {3,}.*)?$/.exec(line)?.[1] ?? []);
}
