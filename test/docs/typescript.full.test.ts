import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, temporaryDirectory } from '../builders';
import { blocksOf, PAGES } from './blocks';

const directory = temporaryDirectory();
/** What our sources know of packages without types. */
const DECLARATIONS = [path.join(ROOT, 'src', 'comparison', 'jstat.d.ts')];
const scripts = PAGES.flatMap((page) => blocksOf(page).filter(({ language }) => language === 'ts'));

it('README and docs have scripts', () => {
  expect(scripts.length).toBeGreaterThan(3);
});

it('the compiler takes every script of README and docs as it stands, each as a module of its own', () => {
  const names = scripts.map(({ page, line, text }) => {
    const name = `${page.replaceAll('/', '-')}-${line}.ts`;
    fs.writeFileSync(path.join(directory, name), `${text.replaceAll("'../../src'", "'dsptt'")}\nexport {};\n`);
    return name;
  });
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'));
  const compilerOptions = {
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    types: ['node'],
    paths: { dsptt: [path.join(ROOT, 'src', 'index.ts')] },
  };
  fs.writeFileSync(
    path.join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: [...names, ...DECLARATIONS] }),
  );
  const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', directory], { cwd: directory, encoding: 'utf8' });
  expect(stdout).toBe('');
}, 300_000);
