import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's version, from package.json, which lies next to both `src` and `dist`. */
export const VERSION = versionIn(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));

/** Reads the version without zod: loading it would take a noticeable part of the time of `--help`. */
function versionIn(text: string): string {
  const { version }: { readonly version?: unknown } = JSON.parse(text);
  if (typeof version !== 'string') throw new Error('package.json has no version');
  return version;
}
