import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { environmentPython, pythonEnvironment } from '../../../src/bridge/workers/python';
import { ROOT, temporaryDirectory } from '../../builders';

const checkout = temporaryDirectory();
fs.writeFileSync(path.join(checkout, 'tsconfig.json'), '{}');
const installed = temporaryDirectory();
fs.writeFileSync(path.join(installed, 'package.json'), '{"version": "1.2.3"}');

/** Where the set-up makes the environment. */
function made(root: string, env: NodeJS.ProcessEnv): string {
  const script = path.join(ROOT, 'scripts', 'setup', 'project-python.js');
  const program = `console.log(require(${JSON.stringify(script)}).venvPython(${JSON.stringify(root)}))`;
  return execFileSync(process.execPath, ['-e', program], { env, encoding: 'utf8' }).trim();
}

describe("the set-up's Python", () => {
  it('lies in a checkout itself', () => {
    expect(environmentPython(checkout, {})).toBe(path.join(checkout, '.venv/bin/python'));
  });

  it("lies in the user's cache for an installed package, one a version", () => {
    expect(environmentPython(installed, { DSPTT_CACHE: '/big' })).toBe('/big/python-1.2.3/.venv/bin/python');
    expect(environmentPython(installed, {})).toMatch(/\/\.cache\/dsptt\/python-1\.2\.3\/\.venv\/bin\/python$/);
  });

  it.each([checkout, installed])('is looked for where the set-up makes it: %#', (root) => {
    for (const env of [{ DSPTT_CACHE: '/big' }, { DSPTT_CACHE: '' }, {}]) {
      expect(environmentPython(root, env)).toBe(made(root, { ...env, HOME: process.env.HOME }));
    }
  });
});

describe('the environment of a Python that we start', () => {
  const pathWith = (PYTHONPATH?: string) => pythonEnvironment({ PYTHONPATH }).PYTHONPATH?.split(':');
  const own = path.join(ROOT, 'python');

  it('has our packages first, then the folders that the user names', () => {
    expect(pathWith()).toEqual([own]);
    expect(pathWith('/site:lib:../shared')).toEqual([own, '/site', 'lib', '../shared']);
  });

  it('lacks the current folder, which a stray colon or a dot in PYTHONPATH means', () => {
    expect(pathWith('')).toEqual([own]);
    expect(pathWith(':/site::/other:')).toEqual([own, '/site', '/other']);
    expect(pathWith('.:/site:./:lib/..')).toEqual([own, '/site']);
  });
});
