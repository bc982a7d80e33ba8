import { readFile } from 'node:fs/promises';
import { dsptt } from '../../command-name';
import { DataError } from '../../errors';

/**
 * Reads a JSON file of a run directory; the content is not validated.
 * @param remedy what to do about a damaged file, for the message
 * @throws DataError if the file cannot be read or is not JSON
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

/** Returns a value as the text of a JSON file, or of the `--json` output. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Remedy for a damaged configuration: it cannot be recomputed, because all else of a run follows from it. */
export const RESTORE = 'restore it from a copy';

/** Returns the remedy for a damaged result, or for a damaged file whose hash the result holds. */
export function fromJournal(path: string): string {
  return `remove its result.json, and \`${dsptt('resume', path)}\` makes it again`;
}
