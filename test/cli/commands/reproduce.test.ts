import fs from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { reproduceCommand } from '../../../src/cli/commands/reproduce';
import { temporaryDirectory } from '../../builders';

const temporary = temporaryDirectory();

/** Run the command in this process; answers what it printed. */
async function reproduce(...args: string[]): Promise<string> {
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    reproduceCommand(command);
    await command.parseAsync([...args, '--quiet'], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return printed;
}

describe('dsptt reproduce', () => {
  it('makes figure 2 without a worker: picture, numbers, and one sentence of what was seen', async () => {
    const out = path.join(temporary, 'fig2');
    const printed = await reproduce('fig2', '--seed', '1', '--out', out);
    const [files, verdict] = printed.trimEnd().split('\n');
    const named = files.replace('Files: ', '').split(', ');
    expect(named.map((file) => path.basename(file))).toEqual([
      'fig2.svg',
      'fig2-flow.csv',
      'fig2-seps.csv',
      'fig2-path.csv',
    ]);
    for (const file of named) expect(fs.statSync(file).size).toBeGreaterThan(10);
    expect(verdict).toMatch(
      /^the path leaves ω0, passes an exit point at .* in ω1, .*\(agrees with the paper: .*\)\.$/,
    );
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => path.join(temporary, name));
    await reproduce('fig2', '--seed', '1', '--out', a);
    await reproduce('fig2', '--seed', '1', '--out', b);
    await reproduce('fig2', '--seed', '2', '--out', c);
    for (const name of fs.readdirSync(a)) {
      expect(fs.readFileSync(path.join(b, name))).toEqual(fs.readFileSync(path.join(a, name)));
    }
    expect(fs.readFileSync(path.join(c, 'fig2-path.csv'))).not.toEqual(fs.readFileSync(path.join(a, 'fig2-path.csv')));
  });

  it.each([
    [['fig9'], "unknown figure 'fig9'; known: fig2, fig3a, fig3b, fig3c, fig4, table1, table2, table3, table4, memory"],
    [['fig2', '--seeds', '0,1'], 'fig2 has one seed: give --seed'],
    [['fig4', '--seed', '1'], 'fig4 shows means: give --seeds'],
    [['fig4', '--data-dir', '.'], 'fig4 takes no --data-dir'],
    [
      ['table1', '--dataset', 'mnist'],
      'table1 cannot be reproduced on mnist, only on: digits, cifar10, cifar100, cifar10-sample',
    ],
    [['fig2', '--dataset', 'digits'], 'fig2 takes no --dataset'],
    [['fig3a', '--scale', 'smoke'], 'fig3a on digits takes no --scale'],
    [['table1', '--scale', 'smoke'], 'table1 on digits takes no --scale'],
    [['table2', '--dataset', 'digits', '--scale', 'smoke'], 'table2 on digits takes no --scale'],
    [['table2', '--quick'], 'table2 takes no --quick'],
    [['table2', '--seed', '1'], 'table2 shows means: give --seeds'],
    [['fig4', '--at-once', '2'], 'fig4 takes no --at-once'],
    [['memory', '--architecture', 'vgg'], 'memory takes no --architecture'],
    [['table3', '--architecture', 'vgg', '--out', 'x'], 'table3 has no vgg; it has: resnet'],
    [['fig2', '--out', temporary], `${temporary} exists already: name another directory with --out, or remove it`],
  ])('refuses %j', async (args, message) => {
    await expect(reproduce(...args)).rejects.toMatchObject({ kind: 'UsageError', message });
  });

  it.each([
    [['fig3a', '--dataset', 'iris']],
    [['fig2', '--seed', '-1']],
    [['table2', '--at-once', '0']],
    [['table2', '--scale', 'big']],
    [[]],
  ])('refuses the command line %j', async (args) => {
    await expect(reproduce(...args)).rejects.toMatchObject({ name: 'CommanderError' });
  });
});
