import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..');
const DRIVER = join('scripts', 'faults', 'kills', 'driver');

/**
 * Compiles the package, and the process that is killed, into a directory, so that each process starts fast and all of
 * them run the same code even if sources are edited meanwhile.
 * @returns path of the compiled driver
 */
export function build(directory: string): string {
  const compilerOptions = {
    rootDir: ROOT,
    outDir: directory,
    types: [],
    noCheck: true,
    declaration: false,
    sourceMap: false,
  };
  const project = join(directory, 'tsconfig.json');
  const files = [join(ROOT, `${DRIVER}.ts`)];
  writeFileSync(project, JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, files, include: [] }));
  execFileSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  copyFileSync(join(ROOT, 'package.json'), join(directory, 'package.json'));
  const isOurs = (path: string) => !/__pycache__|\/\.|\/tests(\/|$)/.test(path.slice(ROOT.length));
  cpSync(join(ROOT, 'python'), join(directory, 'python'), { recursive: true, filter: isOurs });
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  return join(directory, `${DRIVER}.js`);
}
