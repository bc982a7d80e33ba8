import fs from 'node:fs';
import path from 'node:path';
import { wordsOf } from '../cli/dry-program';
import { CommandLine } from '../cli/dsptt';
import { askPython } from '../python';
import { blocksOf, commandsOf } from './blocks';

/** Command lines that are not run here, and why. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^quickstart/, 'minutes; CI runs it'],
  [/^reproduce/, 'minutes; reproduce.full.test.ts makes each figure and table quickly'],
  [/^watch|--watch$/, 'serves until it is stopped; its own tests stop it'],
  [/--worker|--to mlflow/, 'need another machine, or a server; their own tests start one'],
  [/cifar10-resnet164/, 'needs a download'],
  [/--config|samples\.|--data-dir/, 'need files of the reader'],
  [/--average-members|--full-train|--log/, 'their own tests run them; here they would only take time'],
  [/^compare|^report runs\/digits-compare/, 'the examples of help compare'],
  [/^verify-exit runs\/first/, 'minutes; the examples of help verify an exit'],
];
const isRun = (command: string) => !ELSEWHERE.some(([pattern]) => pattern.test(command));

/** The pages whose commands are run, in their order, in a folder of their own. */
const PAGES = ['README.md', 'docs/durability.md', 'docs/report.md', 'docs/trust-tech.md', 'docs/use-the-ensemble.md'];

/** Fewer steps for whatever trains digits, at a pace that fits them; figures need none of it. */
function quick(command: string): string[] {
  const words = wordsOf(command);
  if (!command.startsWith('run --preset digits')) return words;
  return [...words, '--quiet', '--budget', '400', '--set', 'dspTt.rho1.increment=0.05'];
}

describe.each(PAGES)('%s', (page) => {
  const cli = new CommandLine();

  it('shows commands that do what it says, in the order in which it shows them', async () => {
    const commands = blocksOf(page)
      .filter(({ language, marks }) => language === 'sh' && marks.length === 0)
      .flatMap(commandsOf)
      .filter(isRun);
    expect(commands).not.toEqual([]);
    makeImages(cli.directory);
    const first = commands.find((command) => /runs\/first/.test(command));
    const needsRun = first !== undefined && !first.startsWith('run');
    const lines = [...(needsRun ? ['run --preset digits --out runs/first'] : []), ...commands];
    const ran = await cli.runInOneProcess(fresh(lines).map(quick));
    const ended = ran.map(({ code, stderr }, k) => [lines[k], code, code === 0 ? '' : stderr]);
    expect(ended).toEqual(lines.map((line) => [line, 0, '']));
    expect(fs.readdirSync(cli.directory).length).toBeGreaterThan(1);
  }, 600_000);
});

/** A page may begin the same run twice, under other circumstances: then it goes into a directory of its own. */
function fresh(lines: readonly string[]): string[] {
  const seen = new Set<string>();
  return lines.map((line, k) => {
    const [, out] = / --out (runs\/\S+)/.exec(line) ?? [];
    if (out === undefined || line.includes('--resume') || !seen.has(out)) {
      if (out !== undefined) seen.add(out);
      return line;
    }
    return line.replace(out, `${out}-${k}`);
  });
}

/** What the commands take as input: images of digits' size. */
function makeImages(directory: string): void {
  const program = `
from pathlib import Path
import numpy as np
from PIL import Image
Path(given, "images").mkdir()
for name in ["images/0.png", "images/1.png", "a.png", "b.png"]:
    Image.fromarray(np.full((8, 8), 90, np.uint8)).save(Path(given, name))
answer = None`;
  askPython(program, path.resolve(directory));
}
