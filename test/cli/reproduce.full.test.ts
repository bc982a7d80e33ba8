import fs from 'node:fs';
import path from 'node:path';
import { CommandLine } from './dsptt';

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

  it('gives figure 3a the same bytes for the same seed', async () => {
    for (const out of ['a', 'b'])
      await line.run(['reproduce', 'fig3a', '--quick', '--quiet', '--seed', '3', '--out', out]);
    for (const file of ['fig3a.svg', 'fig3a.csv']) {
      const [a, b] = ['a', 'b'].map((out) => fs.readFileSync(path.join(line.directory, out, file), 'utf8'));
      expect(b).toBe(a);
    }
  }, 600_000);
});
