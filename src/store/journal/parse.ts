import { z } from 'zod';
import { JournalError } from '../../errors';
import { decodeLine, JOURNAL_SCHEMA, type JournalRecord } from './record';

/** Records of a journal, and their extent in its file. */
export interface Parsed {
  readonly records: readonly JournalRecord[];
  /** Total size of the complete records in bytes. */
  readonly bytes: number;
  /** The last line, if it is incomplete or damaged: it is ignored. Null if there is none. */
  readonly torn: { readonly line: number; readonly byte: number; readonly bytes: number } | null;
}

const NEWLINE = 0x0a;

/**
 * Parses a journal. A torn or damaged last line is ignored: only this run has acted on its record, and resuming repeats
 * the same action.
 * @throws JournalError on damage before the last line, with line and byte, and on a journal of another schema
 */
export function parseJournal(path: string, bytes: Buffer): Parsed {
  const records: JournalRecord[] = [];
  return { records, ...parseFurther(path, bytes, records, 0) };
}

/**
 * Parses the records that follow those already read, and adds them to `records`.
 * @param start position in the file of the first of the bytes
 * @throws JournalError under the conditions of `parseJournal`
 */
export function parseFurther(
  path: string,
  bytes: Buffer,
  records: JournalRecord[],
  start: number,
): Pick<Parsed, 'bytes' | 'torn'> {
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(NEWLINE, from);
    const isLast = end < 0 || end === bytes.length - 1;
    const entry = end < 0 ? null : decoded(path, bytes.subarray(from, end), records.length + 1);
    if (entry === null) {
      if (isLast) {
        const torn = { line: records.length + 1, byte: start + from, bytes: bytes.length - from };
        return { bytes: start + from, torn };
      }
      throw new JournalError(
        `${path} is damaged in line ${records.length + 1}, at byte ${start + from}: its checksum is wrong, and further lines follow; restore the file, or remove the run directory and start again`,
      );
    }
    mustFollow(path, records, entry);
    records.push(entry);
    from = end + 1;
  }
  return { bytes: start + from, torn: null };
}

function decoded(path: string, line: Buffer, number: number): JournalRecord | null {
  try {
    return decodeLine(line);
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new JournalError(
      `${path}: line ${number} is whole, but no record of journal schema ${JOURNAL_SCHEMA}: it was written by another version of dsptt (${why})`,
      { cause },
    );
  }
}

function mustFollow(path: string, before: readonly JournalRecord[], { n, w, kind }: JournalRecord): void {
  const last = before.at(-1);
  if (n === before.length && w >= (last?.w ?? 1) && (kind === 'header') === (last === undefined)) return;
  throw new JournalError(
    `${path}: line ${before.length + 1} holds record ${n} (${kind}) of process ${w}, which cannot follow: lines are missing, or two processes wrote at once`,
  );
}
