import { z } from 'zod';
import { DataError } from '../errors';

/** What this version writes and reads. */
const KNOWN = 1;

const newer = z.object({ schema: z.int().gt(KNOWN) });

/** @throws DataError when what a file holds says that it was written by a newer version */
export function mustBeKnown(file: string, content: unknown): void {
  const { data } = newer.safeParse(content);
  if (data === undefined) return;
  throw new DataError(
    `${file} is of schema ${data.schema}, which a newer version of dsptt wrote (this one reads schema ${KNOWN}): read it with that version`,
  );
}
