import { readFile } from 'node:fs/promises';
import { DataError } from '../errors';

/**
 * What a JSON file of a run directory holds, not checked yet.
 * @param remedy what to do about a damaged one, for the message
 * @throws DataError when it cannot be read, or is no JSON
 */
export async function readJson(file: string, remedy: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new DataError(`cannot read ${file}: ${cause.message}`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${file} is damaged, it is no JSON: ${remedy}`, { cause });
  }
}

/** A value as the text of a JSON file, or of `--json`. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What to do about a damaged configuration: everything else of a run follows from it. */
export const RESTORE = 'restore it from a copy';

/** What to do about a damaged result, or about a file that it vouches for. */
export function fromJournal(path: string): string {
  return `remove its result.json, and dsptt resume ${path} makes it again`;
}
