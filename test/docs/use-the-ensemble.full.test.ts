import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { FAST_SEARCH_FLAGS, REGISTER, ROOT } from '../builders';
import { CommandLine } from '../cli/dsptt';
import { runPython } from '../python';

const page = fs.readFileSync(path.join(ROOT, 'docs', 'use-the-ensemble.md'), 'utf8');

/** The blocks of a language in the page. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code);
}

/** The page's own commands, as arguments; those that need a server of somebody's are left to a test that starts one. */
const commands = blocks('sh')
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => line.replace(/#.*$/, '').trim())
  .filter((line) => line.startsWith('npx --no dsptt ') && !line.includes('http://'))
  .map((line) => line.replace('npx --no dsptt ', '').split(/\s+/));

/** What the page supposes to be there: images, arrays and a table of digits. */
const SAMPLES = `
import sys
from pathlib import Path
import numpy as np
from PIL import Image
folder = Path(sys.argv[1])
(folder / "images").mkdir()
pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
for name in ("images/one.png", "images/two.png", "a.png", "b.png"):
    Image.fromarray(pixels * 4).save(folder / name)
np.savez(folder / "samples.npz", inputs=np.full((3, 1, 8, 8), 3.5, np.float32))
(folder / "samples.csv").write_text("\\n".join(",".join(["2"] * 64) for _ in range(4)))
print("null")`;

describe('the page about using an ensemble', () => {
  const cli = new CommandLine();

  it('has commands that work one after the other', async () => {
    runPython(['-c', SAMPLES, cli.directory]);
    const first = ['run', '--preset=digits', '--budget=400', ...FAST_SEARCH_FLAGS, '--out=runs/first', '--quiet'];
    const ended = await cli.runInOneProcess([first, ...commands]);
    expect(ended.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual(ended.map(() => [0, '']));
    expect(commands.length).toBeGreaterThan(7);
    expect(cli.read('predictions.csv').trim().split('\n')).toHaveLength(5);
    expect(
      ['my-ensemble/ensemble.onnx', 'my-folder/README.md', 'curves/first', 'curves/second'].map(cli.has, cli),
    ).toEqual([true, true, true, true]);
  }, 600_000);

  it('has Python code that works', () => {
    const [code] = blocks('python');
    const program = `import os; os.chdir(${JSON.stringify(cli.directory)})\n${code}\nprint(list(probabilities.shape))`;
    const printed = execFileSync(process.execPath, [path.join(ROOT, 'scripts', 'python.js'), '-c', program], {
      env: { ...process.env, PYTHONPATH: path.join(ROOT, 'python') },
      encoding: 'utf8',
    });
    expect(printed).toMatch(/^\d \['tier0', 'tier1-1', .*\n\[4, 10\]\n$/);
  });

  it('has TypeScript code that works', () => {
    const [code] = blocks('ts');
    const file = cli.write('page.ts', code.replace("'dsptt'", JSON.stringify(path.join(ROOT, 'src'))));
    const printed = execFileSync(process.execPath, ['-r', REGISTER, file], {
      cwd: cli.directory,
      encoding: 'utf8',
    });
    expect(printed).toMatch(/'9'[\s\S]*Float32Array\(20\)/);
  });
});
