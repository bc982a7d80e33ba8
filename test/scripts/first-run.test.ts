import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readResult } from '../../src/store/run-directory';
import { ROOT, temporaryDirectory } from '../builders';

const cwd = temporaryDirectory();

it("the README's script runs with ts-node, prints what it found and keeps a finished run", async () => {
  const tsNode = path.join(ROOT, 'node_modules', '.bin', 'ts-node');
  const script = path.join(ROOT, 'scripts', 'first-run.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsNode, '--cwd-mode', '-T', script], {
    cwd,
    env: { ...process.env, TS_NODE_PROJECT: path.join(ROOT, 'tsconfig.json') },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const printed of ['tier0', 'search of tier 1', 'tier1-1', "name: 'tier-0-1'"]) expect(stdout).toContain(printed);
  const [run] = fs.readdirSync(path.join(cwd, 'runs'));
  expect(await readResult(path.join(cwd, 'runs', run))).toMatchObject({ method: 'dsp-tt', preset: 'digits', seed: 0 });
});
