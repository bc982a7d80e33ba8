import { z } from 'zod';
import { DataError } from '../errors';

/** Schema version that this version of dsptt writes and reads. */
const KNOWN = 1;

const newer = z.object({ schema: z.int().gt(KNOWN) });

/** Checks the schema version of a file's content. @throws DataError if a newer version of dsptt wrote it */
export function mustBeKnown(file: string, content: unknown): void {
  const { data } = newer.safeParse(content);
  if (data === undefined) return;
  throw new DataError(
    `${file} is of schema ${data.schema}, which a newer version of dsptt wrote (this one reads schema ${KNOWN}): read it with that version`,
  );
}
