import fs from 'node:fs';
import path from 'node:path';
import { CommandLine } from '../dsptt';

/** Every figure that needs a worker, quickly, on the real thing. */
describe('dsptt reproduce, with a worker', () => {
  const line = new CommandLine();

  it.each([
    ['fig3a', ['fig3a.svg', 'fig3a.csv'], /exit point/],
    ['fig3b', ['fig3b.svg', 'fig3b.csv'], /error rate/],
    ['fig3c', ['fig3c.svg', 'fig3c-ends.csv', 'fig3c-search.svg'], /different LOSs/],
    ['fig4', ['fig4.svg', 'fig4.csv', 'fig4-runs.csv'], /rho2/],
    ['table1', ['table1.csv', 'table1.md'], /Tier-0-1-2/],
  ])(
    'makes %s',
    async (name, files, sentence) => {
      const { code, stdout, stderr } = await line.run(['reproduce', name, '--quick', '--quiet']);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout).toMatch(sentence);
      for (const file of files)
        expect(fs.statSync(path.join(line.directory, 'reproduced', name, file)).size).toBeGreaterThan(50);
    },
    600_000,
  );

  it('makes table 2 of one network on CIFAR, and takes its runs again for a second time', async () => {
    const args = ['reproduce', 'table2', '--dataset=cifar10', '--scale=smoke', '--architecture=vgg', '--out=t2'];
    const first = await line.run([...args, '--at-once=2']);
    expect(first.code).toBe(0);
    const shown = first.stderr.match(/^table2: vgg-[^:]+(?=: evaluation)/gm) ?? []; // a line a phase of each run
    expect([shown.length, new Set(shown).size]).toEqual([7, 7]);
    expect(first.stdout).toContain("FGE, authors' recipe");
    const table = line.read('t2/table2.json');
    expect(JSON.parse(table)).toMatchObject({ table: 'table2', scale: 'smoke', rows: { length: 7 } });
    const second = await line.run(args);
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(line.read('t2/table2.json')).toBe(table);
    expect(fs.readdirSync(path.join(line.directory, 't2')).sort()).toEqual([
      'runs',
      'table2.csv',
      'table2.json',
      'table2.md',
    ]);
    expect((await line.run(['regress', 't2'])).code).toBe(2);
  }, 1_200_000);

  it('shows that a search of ResNet-164 with 5 paths takes at most 1.5 % more than training it, at full size', async () => {
    const { code, stdout } = await line.run(['reproduce', 'memory', '--quiet', '--out', 'memory']);
    expect(code).toBe(0);
    const made = JSON.parse(line.read('memory/memory.json'));
    expect(made).toMatchObject({ parameters: 1_703_258, batchSize: 128, paths: 5, pathsBytes: 5 * 4 * 1_703_258 });
    expect(made.searchPeakBytes / made.trainingPeakBytes).toBeLessThanOrEqual(1.015);
    expect(made.searchPeakBytes).toBeGreaterThan(made.trainingPeakBytes);
    expect(stdout).not.toContain('does not agree');
  }, 600_000);
});
