import { execFileSync } from 'node:child_process';
import type { Command } from 'commander';
import { z } from 'zod';
import { configLayers } from '../../src/cli/flags/config-flags';
import { resolveAny } from '../../src/cli/flags/resolve-any';
import { COMMANDS } from '../../src/cli/list';
import { wholeProgram } from '../../src/cli/program';

/** The flags of a command line that states a configuration without a file. */
const configured = z.looseObject({ set: z.array(z.string()), preset: z.string(), config: z.undefined().optional() });

/**
 * Check a command line without running it: its command, options and arguments, and the configuration that it states.
 * @returns the command's name
 * @throws what the command line is refused with
 */
export function checkCommandLine(args: readonly string[]): string {
  const program = wholeProgram(COMMANDS).exitOverride();
  const ran: Command[] = [];
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    command.action(() => {
      ran.push(command);
    });
  }
  program.parse([...args], { from: 'user' });
  const flags = configured.safeParse(ran[0].opts());
  if (flags.success) resolveAny(configLayers(flags.data));
  return ran[0].name();
}

/** The words of a line as a shell takes it apart. */
export function wordsOf(line: string): string[] {
  const script = `for word in ${line}; do printf '%s\\0' "$word"; done`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}
