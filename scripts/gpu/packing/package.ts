import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { neededFiles } from './needed';
import type { Place } from './place';
import { run } from './run';

/** What `npm run build` reads. */
const SOURCES = ['src', 'scripts/build', 'scripts/setup', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
/** Files of the repository that the built package is more than dist/. */
const FILES = ['package.json', 'LICENSE', 'scripts/dsptt.js'];

/** package/: the built package, as it would be installed, with what it needs at run time. */
export async function addPackage(place: Place): Promise<void> {
  const { root, stage } = place;
  const folder = join(stage, 'package');
  await mkdir(folder, { recursive: true });
  await cp(await built(place), join(folder, 'dist'), {
    recursive: true,
    filter: (file) => !/\.(map|d\.ts)$|sources\.json$/.test(file),
  });
  // Benches import ../../src: here that is the built package, one instance of each module.
  await symlink('dist', join(folder, 'src'));
  for (const file of FILES) await cp(join(root, file), join(folder, file));
  await addDependencies(place, join(folder, 'node_modules'));
}

/** Built in a copy: others may be using the dist/ of this checkout. */
async function built({ root, scratch }: Place): Promise<string> {
  const copy = join(scratch, 'built');
  await mkdir(copy);
  for (const source of SOURCES) await cp(join(root, source), join(copy, source), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await run('npm', ['run', '-s', 'build'], copy, 'the package must build: npm run build');
  return join(copy, 'dist');
}

async function addDependencies({ root, scratch }: Place, into: string): Promise<void> {
  const copy = join(scratch, 'installed');
  await mkdir(copy);
  for (const file of ['package.json', 'package-lock.json']) await cp(join(root, file), join(copy, file));
  const args = ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', args, copy, 'the npm registry must be reachable, and package-lock.json fit package.json');
  const from = join(copy, 'node_modules');
  for (const file of neededFiles(await filesIn(from))) {
    await mkdir(dirname(join(into, file)), { recursive: true });
    await cp(join(from, file), join(into, file));
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
