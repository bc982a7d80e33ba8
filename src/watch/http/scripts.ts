import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the browser code: modules that run in the browser without bundling. */
const FOLDER = join(__dirname, '..', 'browser');
const NAME = /^[a-z-]+\.js$/;

const known = new Map<string, string>();

/** Returns a module by name, such as `main.js`; null if there is none. A checkout compiles it at the first request. */
export function scriptOf(name: string): string | null {
  if (!NAME.test(name)) return null;
  const script = known.get(name) ?? read(join(FOLDER, name));
  if (script !== null) known.set(name, script);
  return script;
}

function read(path: string): string | null {
  const source = path.replace(/\.js$/, '.ts');
  if (existsSync(path)) return readFileSync(path, 'utf8');
  return existsSync(source) ? compiled(readFileSync(source, 'utf8')) : null;
}

function compiled(source: string): string {
  const { transpileModule, ModuleKind, ScriptTarget }: typeof import('typescript') = require('typescript');
  const compilerOptions = { module: ModuleKind.ES2022, target: ScriptTarget.ES2022 };
  return transpileModule(source, { compilerOptions }).outputText;
}
