import { Command } from 'commander';
import { watchCommand } from '../../../src/cli/commands/watch';
import { UsageError } from '../../../src/errors';
import { failureOf } from '../../builders';

function run(...argv: string[]): Promise<Command> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  watchCommand(command);
  return command.parseAsync(argv, { from: 'user' });
}

describe('dsptt watch', () => {
  it.each([
    ['a directory that is not there', ['runs/none'], /there is no runs\/none: name a run directory/],
    ['a file', [__filename], /watch\.test\.ts is a file: name a run directory/],
  ])('refuses %s', async (_, argv, words) => {
    const error = await failureOf(run(...argv));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(words);
  });

  it.each(['70000', '-1', 'x', '80.5'])('refuses port %s', async (port) => {
    expect((await failureOf(run('runs', '--port', port))).message).toMatch(/must be/);
  });
});
