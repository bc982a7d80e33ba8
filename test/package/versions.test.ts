import fs from 'node:fs';
import path from 'node:path';
import { VERSION } from '../../src/version';
import { ROOT } from '../builders';

const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

describe('the version', () => {
  it('is the same for the npm package, its lock, the wheel, and both Python packages', () => {
    const [, wheel] = /^version = "(.+)"$/m.exec(read('python/pyproject.toml')) ?? [];
    const [, worker] = /^__version__ = "(.+)"$/m.exec(read('python/dsptt_worker/__init__.py')) ?? [];
    expect([wheel, worker, JSON.parse(read('package-lock.json')).version]).toEqual([VERSION, VERSION, VERSION]);
  });

  it('stands in the changelog', () => {
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## ${VERSION.replaceAll('.', '\\.')}\\b`, 'm'));
  });
});
