import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readResult } from '../../src/store/run-directory';
import { ROOT, temporaryDirectory } from '../builders';
import { blocksOf } from '../docs/blocks';

const cwd = temporaryDirectory();
const SCRIPT = path.join(ROOT, 'scripts', 'first-run.ts');

it("is the README's, word for word but for the comment beside its import", () => {
  const [{ text }] = blocksOf('README.md').filter(({ language }) => language === 'ts');
  const lines = (code: string) => code.split('\n').slice(1);
  expect(lines(text)).toEqual(lines(fs.readFileSync(SCRIPT, 'utf8')));
});

it("the README's script runs with ts-node, prints what it found and keeps a finished run", async () => {
  const tsNode = path.join(ROOT, 'node_modules', '.bin', 'ts-node');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsNode, '--cwd-mode', '-T', SCRIPT], {
    cwd,
    env: { ...process.env, TS_NODE_PROJECT: path.join(ROOT, 'tsconfig.json') },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const printed of ['tier0', 'search of tier 1', 'tier1-1', "name: 'tier-0-1'"]) expect(stdout).toContain(printed);
  const [run] = fs.readdirSync(path.join(cwd, 'runs'));
  expect(await readResult(path.join(cwd, 'runs', run))).toMatchObject({ method: 'dsp-tt', preset: 'digits', seed: 0 });
});
