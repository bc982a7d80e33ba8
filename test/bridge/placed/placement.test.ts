import fs from 'node:fs';
import path from 'node:path';
import { launcherOn } from '../../../src/bridge/placed/placement';
import { fromZ85, toZ85 } from '../../../src/bridge/wire/z85';
import { UsageError } from '../../../src/errors';
import { failureOf, temporaryDirectory } from '../../builders';

/** The words that a command line is split into, as a command over there receives them. */
async function wordsOf(line: string): Promise<string[]> {
  const directory = temporaryPath();
  const script = path.join(directory, 'tell');
  fs.writeFileSync(script, `#!/bin/sh\nfor word in "$@"; do echo "$word"; done > '${directory}/words'\n`, {
    mode: 0o755,
  });
  await failureOf(launcherOn(`command ${script} ${line}`, { python: 'python' }).start());
  const words = fs.readFileSync(path.join(directory, 'words'), 'utf8').split('\n');
  return words.slice(0, words.indexOf('env'));
}

const root = temporaryDirectory();
const temporaryPath = () => fs.mkdtempSync(path.join(root, 'words-'));

describe('where workers are started', () => {
  it.each([
    ['-N1  -n1', ['-N1', '-n1']],
    ["--time='1 day' -c4", ['--time=1 day', '-c4']],
    ['"a b"\'c d\'', ['a bc d']],
    ['"it\'s" $HOME *', ["it's", '$HOME', '*']],
  ])('is split at blanks, with quotes, and nothing in it is expanded: %s', async (line, words) => {
    expect(await wordsOf(line)).toEqual(words);
  });

  it.each([
    [
      'cloud nine',
      "--on must be 'gpus', 'ray', 'srun ...', 'slurm ...', 'ssh HOST' or 'command ...', got 'cloud nine'",
    ],
    ['', '--on must be'],
    ['gpus 3', '--on must be'],
    ['ray 3', '--on must be'],
    ['ssh', '--on must be'],
    ['command', '--on must be'],
    ['ssh "gpu1', `--on: a quote is left open in 'ssh "gpu1'`],
    ["ssh gpu1 'a b' '", '--on: a quote is left open in'],
  ])('is refused in one sentence where it is none: %s', (on, says) => {
    expect(() => launcherOn(on)).toThrow(UsageError);
    expect(() => launcherOn(on)).toThrow(says);
  });
});

it('keys are the same bytes in Z85 and in hexadecimal: the test case of RFC 32', () => {
  const bytes = Buffer.from('864fd26fb559f75b', 'hex');
  expect(toZ85(bytes)).toBe('HelloWorld');
  expect(fromZ85('HelloWorld')).toEqual(bytes);
});
