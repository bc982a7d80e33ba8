import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/bridge/workers/python';

/**
 * The command as users have it once the package is installed: compiled, outside of a checkout, with this package's
 * dependencies; its Python is to be named, since it is looked for beside the package.
 * @returns the path of `dsptt.js`
 */
export function installed(directory: string): string {
  if (!existsSync(join(PACKAGE_ROOT, 'tsconfig.json'))) return join(PACKAGE_ROOT, 'scripts', 'dsptt.js');
  const root = join(directory, 'package');
  const { ModuleKind, ScriptTarget, transpileModule }: typeof import('typescript') = require('typescript'); // only in a checkout
  const compilerOptions = { module: ModuleKind.Node16, target: ScriptTarget.ES2022, esModuleInterop: true };
  const sources = join(PACKAGE_ROOT, 'src');
  for (const name of readdirSync(sources, { recursive: true })) {
    const file = String(name);
    if (!/(?<!\.d)\.ts$/.test(file)) continue;
    const target = join(root, 'dist', file.replace(/\.ts$/, '.js'));
    const source = readFileSync(join(sources, file), 'utf8');
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transpileModule(source, { fileName: file, compilerOptions }).outputText);
  }
  cpSync(join(PACKAGE_ROOT, 'scripts', 'dsptt.js'), join(root, 'scripts', 'dsptt.js'));
  cpSync(join(PACKAGE_ROOT, 'package.json'), join(root, 'package.json'));
  for (const shared of ['node_modules', 'python']) {
    symlinkSync(join(PACKAGE_ROOT, shared), join(root, shared));
  }
  return join(root, 'scripts', 'dsptt.js');
}
