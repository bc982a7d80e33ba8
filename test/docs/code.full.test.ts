import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { REGISTER, ROOT } from '../builders';
import { CommandLine } from '../cli/dsptt';
import { askPython } from '../python';
import { type Block, blocksOf, PAGES } from './blocks';

/** Pages whose code, a block a language, a test of its own runs; and what stands there. */
const ELSEWHERE: Readonly<Record<string, readonly [string, string]>> = {
  'README.md': ['test/scripts/first-run.test.ts', 'first-run.ts'],
  'docs/new-method.md': ['test/scripts/new-method.full.test.ts', 'new-method.md'],
  'docs/data.md': ['test/docs/data.full.test.ts', 'data.md'],
  'docs/your-own.md': ['test/docs/your-own.full.test.ts', 'your-own.md'],
  'docs/training.md': ['test/docs/files.ts', "'python'].includes(language)"], // for the commands that follow
  'docs/use-the-ensemble.md': ['test/docs/use-the-ensemble.full.test.ts', 'use-the-ensemble.md'],
};

const code = PAGES.flatMap(blocksOf).filter(({ language }) => language === 'ts' || language === 'python');
const scripts = code.filter(({ page }) => !(page in ELSEWHERE));
const cli = new CommandLine();

/** What a reader would do with what a page's block leaves, */
const AFTER: Readonly<Record<string, string>> = {
  'docs/install.md': 'console.log([dspTt, loadEnsemble, resolveConfig, run, Session].map((one) => typeof one).join());',
  'docs/model-zoos.md': 'console.log(result.parameters, result.members.length);',
  'docs/report.md': 'console.log(page.slice(0, 15), runs.length);',
};
/** and what is then printed. */
const PRINTED: Readonly<Record<string, RegExp>> = {
  'docs/install.md': /^function,function,function,function,function$/m,
  'docs/model-zoos.md': /^272464 3$/m,
  'docs/report.md': /^<!doctype html> 2$/m,
};

/** Run a block as a user would have it: an async function in a file of its own, on the smallest runs. */
function ran({ page, text }: Block): string {
  const [imports, body] = [/^import .*$/gm, /^(?!import ).*$/gm].map((lines) => (text.match(lines) ?? []).join('\n'));
  const quick = body.replace("scale: 'reduced'", "scale: 'smoke'");
  const source = `${imports}\nasync function main() {\n${quick}\n${AFTER[page]}\n}\nmain();\n`;
  const file = cli.write('page.ts', source.replace("'dsptt'", JSON.stringify(path.join(ROOT, 'src'))));
  return execFileSync(process.execPath, ['-r', REGISTER, file], {
    cwd: cli.directory,
    encoding: 'utf8',
  });
}

describe('code in README and docs', () => {
  it('is run here, or by the test of its page', () => {
    expect(Object.keys(AFTER).sort()).toEqual([...new Set(scripts.map(({ page }) => page))].sort());
    const others = code.filter(({ page }) => page in ELSEWHERE).map(({ page, language }) => `${page} ${language}`);
    expect(others).toEqual([...new Set(others)]);
    for (const [test, says] of Object.values(ELSEWHERE)) {
      expect(fs.readFileSync(path.join(ROOT, test), 'utf8')).toContain(says);
    }
  });

  it('does what its page says, with the runs and files that it names', async () => {
    askPython(WEIGHTS, path.join(cli.directory, 'trained.safetensors'));
    const lines = ['first', 'second'].map(
      (name, seed) => `run --preset wine --scale smoke --seed ${seed} --out runs/${name}`,
    );
    const made = await cli.runInOneProcess(lines.map((line) => [...line.split(' '), '--quiet']));
    const short = /^(tier\d: \d of \d paths found an exit: .*\n)*$/; // as few steps as these leave some paths without one
    expect(made.map(({ code, stderr }) => [code, stderr])).toEqual(lines.map(() => [0, expect.stringMatching(short)]));
    for (const block of scripts) expect(ran(block)).toMatch(PRINTED[block.page]);
  }, 300_000);
});

/** Weights for the network of docs/model-zoos.md, but for its new head. */
const WEIGHTS = `
from pytorchcv.model_provider import get_model
from safetensors.torch import save_file
state = get_model("resnet20_cifar10").state_dict()
save_file({name: tensor for name, tensor in state.items() if not name.startswith("output.")}, given)
answer = None`;
