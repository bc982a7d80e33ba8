import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The browser's code: modules in `browser/`, which run there as they are once they are JavaScript. */
const FOLDER = join(__dirname, '..', 'browser');
const NAME = /^[a-z-]+\.js$/;

const known = new Map<string, string>();

/** A module by its name, such as `main.js`; null where there is none. In a checkout it is compiled when it is first wanted. */
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
