import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readResult } from '../../src/store/run-directory';
import { ROOT, temporaryDirectory } from '../builders';
import { CommandLine } from '../cli/dsptt';

const SCRIPT = path.join(ROOT, 'scripts', 'examples', 'new-method.ts');
const cwd = temporaryDirectory();
const cli = new CommandLine();

function runScript() {
  const tsNode = path.join(ROOT, 'node_modules', '.bin', 'ts-node');
  return spawnSync(process.execPath, [tsNode, '--cwd-mode', SCRIPT], {
    cwd,
    env: { ...process.env, TS_NODE_PROJECT: path.join(ROOT, 'tsconfig.json') },
    encoding: 'utf8',
  });
}

describe('the method of docs/new-method.md', () => {
  it('is the one of scripts/examples, word for word', () => {
    const guide = fs.readFileSync(path.join(ROOT, 'docs', 'new-method.md'), 'utf8');
    expect(/```ts\n([\s\S]*?)```/.exec(guide)?.[1]).toBe(fs.readFileSync(SCRIPT, 'utf8'));
  });

  it('passes the type check, runs, measures its members against their trunk, and is resumed by its script', async () => {
    const first = runScript();
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
    const directory = path.join(cwd, 'runs', 'branches');
    const result = await readResult(directory);
    expect(result.members.map(({ name }) => name)).toEqual(['trunk', 'branch1', 'branch2', 'branch3', 'branch4']);
    expect(result.budget.steps).toBe(600);
    for (const { parent, barrierToParent } of result.members) expect(barrierToParent === null).toBe(parent === null);

    fs.rmSync(path.join(directory, 'result.json')); // as if it had died before its end
    const stranger = await cli.run(['resume', directory]);
    expect(stranger).toMatchObject({ code: 2, stderr: expect.stringMatching(/branches/) }); // as the guide says
    const again = runScript();
    expect(again).toMatchObject({ status: 0, stdout: first.stdout });
    expect((await readResult(directory)).ensembles).toEqual(result.ensembles);
  });
});
