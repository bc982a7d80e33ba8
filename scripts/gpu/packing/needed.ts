import { basename, dirname, extname } from 'node:path';

/** What Node loads, and pythonia's Python. */
const LOADED = new Set(['.js', '.cjs', '.mjs', '.json', '.node', '.py']);
const LICENCE = /^(licen[cs]e|notice|copying)/i;
const UNUSED_FOLDERS = new Set(['test', 'tests', 'doc', 'docs', 'example', 'examples', 'benchmark', '.github']);
/** zeromq's loader tries the addon of the highest ABI first, which any Node takes (Node-API) and which asks least of libc. */
const ADDON = '/build/linux/x64/node/glibc-127-Release/';

/**
 * The files of node_modules (paths from there) that a CUDA machine needs: what is loaded, and the licences; of zeromq's
 * addons the one that loads. No maps, types, documents or tests, and nothing minified that is there in full.
 */
export function neededFiles(files: readonly string[]): string[] {
  const all = new Set(files);
  return files.filter((file) => {
    if (LICENCE.test(basename(file))) return true;
    if (!LOADED.has(extname(file)) || isInUnusedFolder(file)) return false;
    if (extname(file) === '.node') return file.includes(ADDON);
    return !all.has(file.replace(/\.min\.js$/, '.js')) || !file.endsWith('.min.js');
  });
}

/** Whether it lies under a folder of that kind at the top of its package: deeper ones may be parts of the program. */
function isInUnusedFolder(file: string): boolean {
  const own = dirname(file).split('node_modules/').at(-1) ?? '';
  const [first, second, third] = own.split('/');
  return UNUSED_FOLDERS.has(first.startsWith('@') ? third : second);
}
