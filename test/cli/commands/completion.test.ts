import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CHOICES } from '../../../src/cli/flags/choices';
import { COMMANDS } from '../../../src/cli/list';
import { wholeProgram } from '../../../src/cli/program';
import { bashCompletion } from '../../../src/cli/shells/bash';
import { completionsOf, globalOptions } from '../../../src/cli/shells/completions';
import { fishCompletion } from '../../../src/cli/shells/fish';
import { zshCompletion } from '../../../src/cli/shells/zsh';
import { temporaryDirectory } from '../../builders';
import { askPython } from '../../python';

const directory = temporaryDirectory();
const program = wholeProgram(COMMANDS);
const commands = completionsOf(program);
const options = globalOptions(program);
const SCRIPTS = {
  bash: bashCompletion(commands, options),
  zsh: zshCompletion(commands, options),
  fish: fishCompletion(commands, options),
};

/**
 * What a real bash offers after each line, the last word being the one that is typed. bash gives words as it takes a line
 * apart, `=` by itself; `compopt` works only while someone types, so that it notes here what it is asked for.
 */
function offered(lines: readonly (readonly string[])[]): string[][] {
  const asks = lines.map((words) => {
    const quoted = ['dsptt', ...words].map((word) => `'${word}'`);
    return `options=; COMP_WORDS=(${quoted.join(' ')}); COMP_CWORD=${words.length}; _dsptt; echo "\${COMPREPLY[*]} $options"`;
  });
  const script = `compopt() { options+="$*"; }\n${SCRIPTS.bash}\n${asks.join('\n')}\n`;
  const printed = execFileSync('bash', ['--norc', '-u'], { input: script, encoding: 'utf8' });
  return printed
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}

describe('bash completes', () => {
  it('commands, the options of each, and the options of all', () => {
    const [all, com, run, global] = offered([[''], ['com'], ['run', '--me'], ['--d']]);
    expect(all).toEqual(COMMANDS.map(({ name }) => name));
    expect(com).toEqual(['compare', 'completion']);
    expect(run).toEqual(expect.arrayContaining(['--method']));
    expect(run.every((word) => word.startsWith('--me'))).toBe(true);
    expect(global).toEqual(['--debug']);
  });

  it('methods, presets, data sets and whatever else has choices, also after =', () => {
    const [method, preset, dataset, format, scale, equals] = offered([
      ['run', '--method', ''],
      ['--debug', 'run', '--preset', 'cifar10-'],
      ['reproduce', 'table2', '--dataset', ''],
      ['compare', '--format', ''],
      ['run', '--scale', 's'],
      ['compare', '--preset', '=', 'wi'],
    ]);
    expect(method).toEqual(CHOICES.method);
    expect(preset).toEqual(CHOICES.preset.filter((name) => name.startsWith('cifar10-')));
    expect(dataset).toEqual(expect.arrayContaining(['digits', 'cifar10', 'cifar100']));
    expect(format).toEqual(expect.arrayContaining(['terminal', 'json', 'csv', 'markdown']));
    expect([scale, equals]).toEqual([['smoke'], ['wine', 'wine-quality']]);
  });

  it('lists name by name, settings up to their =, and arguments with choices', () => {
    const [list, setting, shell, figure] = offered([
      ['compare', '--methods', 'dsp-tt,sn'],
      ['run', '--set', 'dspTt.rho1.i'],
      ['completion', ''],
      ['reproduce', 'table'],
    ]);
    expect(list).toEqual(['dsp-tt,snapshot', '-o', 'nospace']);
    expect(setting).toEqual(['dspTt.rho1.increment=', '-o', 'nospace']);
    expect([shell, figure]).toEqual([
      ['bash', 'zsh', 'fish'],
      ['table1', 'table2', 'table3', 'table4'],
    ]);
  });

  it('files where those are meant, and nothing where only the user knows', () => {
    const files = offered([
      ['resume', ''],
      ['run', '--config', ''],
      ['config', 'a'],
    ]);
    expect(files).toEqual(files.map(() => ['-o', 'default']));
    expect(offered([['run', '--seed', '']])).toEqual([['']]);
  });
});

/** Types into a bash on a terminal, and waits for what each line becomes; more than a minute's wait is a failure. */
const TYPIST = `
import os, pty, select
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
seen = ""
def until(text):
    global seen
    while text not in seen:
        if not select.select([terminal], [], [], 60)[0]:
            raise TimeoutError(f"{text!r} never came: {seen!r}")
        seen += os.read(terminal, 4096).decode()
    seen = seen.split(text, 1)[1]
os.write(terminal, f"PS1=; source {given['script']}; echo it is $((40 + 2))\\n".encode())
until("it is 42")
for typed, becomes in given["lines"]:
    os.write(terminal, f"\\x15{typed}\\t".encode())
    until(becomes)
os.write(terminal, b"\\x15exit\\n")
answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])`;

it('bash on a terminal completes what is typed', () => {
  const script = path.join(directory, 'typed.bash');
  fs.writeFileSync(script, SCRIPTS.bash);
  fs.writeFileSync(path.join(directory, 'own-settings.yaml'), '');
  const lines = [
    ['dsptt quicks', 'quickstart '],
    ['dsptt run --preset=wine-q', '--preset=wine-quality '],
    ['dsptt compare --methods dsp-tt,sna', 'dsp-tt,snapshot'],
    ['dsptt run --set fge.cy', 'fge.cycles='],
    [`dsptt config ${directory}/own-s`, 'own-settings.yaml '],
  ];
  expect(askPython(TYPIST, { script, lines })).toBe(0);
});

describe.each(Object.entries(SCRIPTS))('the script for %s', (shell, script) => {
  it('has every command and every long option of each', () => {
    for (const { name, options: own } of commands) {
      expect(script).toMatch(new RegExp(`\\b${name}\\b`));
      for (const { long } of own) expect(script).toContain(shell === 'fish' ? `-l ${long.slice(2)}` : long);
    }
  });

  const isThere = spawnSync(shell, ['-c', ':']).status === 0;
  (isThere ? it : it.skip)('is understood by that shell', () => {
    const file = path.join(directory, shell);
    fs.writeFileSync(file, script);
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

it('knows values only of options that there are', () => {
  const known = new Set(commands.flatMap((command) => command.options.map(({ long }) => long)));
  for (const long of [
    '--preset',
    '--scale',
    '--method',
    '--methods',
    '--verify',
    '--selection',
    '--direction',
    '--zoo',
  ]) {
    expect(known).toContain(long);
  }
});
