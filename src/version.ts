import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's version, from package.json: beside `src` and beside `dist`. */
export const VERSION = versionIn(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));

/** Without a schema, whose library takes a part of the time that help has. */
function versionIn(text: string): string {
  const { version }: { readonly version?: unknown } = JSON.parse(text);
  if (typeof version !== 'string') throw new Error('package.json has no version');
  return version;
}
