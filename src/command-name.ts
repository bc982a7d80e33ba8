import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A package that npm installed has no tsconfig.json, a checkout has. */
const IS_CHECKOUT = existsSync(join(__dirname, '..', 'tsconfig.json'));

/** Words that start our command line here, before the name of a command. */
export const DSPTT = IS_CHECKOUT ? 'npx --no dsptt' : 'npx dsptt';

/** Command that creates the Python environment. */
export const SET_UP = IS_CHECKOUT ? 'npm run setup' : `${DSPTT} setup`;

/** Returns a command line that can be pasted into a shell where it is printed: `dsptt('resume', out)`. */
export function dsptt(...words: readonly string[]): string {
  return [DSPTT, ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
