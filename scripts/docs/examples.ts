import type { Command } from 'commander';
import { helpNotes } from './help-notes';

/** The command lines that a command's help shows as examples, without `dsptt` and what is said beside them. */
export function examplesOf(command: Command): string[] {
  const lines = helpNotes(command).split('\n');
  return lines.flatMap((line) => /^ {2}dsptt (.+?)(?: {3,}.*)?$/.exec(line)?.[1] ?? []);
}
