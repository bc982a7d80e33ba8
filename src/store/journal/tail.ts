import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, JournalError } from '../../errors';
import { parseFurther } from './parse';
import type { JournalRecord } from './record';

/** Bytes a read, so that a long journal does not block the reader's event loop. */
const SLICE = 256 * 1024;

/**
 * Reads the journal of a run from another process while the run may be going on: each call returns the records appended
 * since the last one, and no byte is read twice. An incomplete last line is left for the next call.
 */
export class JournalTail {
  /** All records so far. */
  readonly records: JournalRecord[] = [];
  readonly #path: string;
  #at = 0;
  #file: number | null = null;

  constructor(directory: string) {
    this.#path = join(directory, 'journal.jsonl');
  }

  /**
   * Reads the new records; the journal may not exist yet.
   * @returns the new records, in parts
   * @throws JournalError if the journal is damaged, or was replaced by another one
   */
  async *read(): AsyncGenerator<readonly JournalRecord[]> {
    const file = await opened(this.#path);
    if (file === null) return;
    try {
      const { size, ino } = await file.stat();
      if (size < this.#at || (this.#file ?? ino) !== ino) throw replaced(this.#path);
      this.#file = ino;
      yield* this.#further(file, size);
    } finally {
      await file.close();
    }
  }

  async *#further(file: FileHandle, size: number): AsyncGenerator<readonly JournalRecord[]> {
    let bytes = SLICE;
    while (this.#at < size) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, Math.min(bytes, size - this.#at), this.#at);
      const slice = buffer.subarray(0, bytesRead);
      const isRest = this.#at + bytesRead >= size;
      const known = this.records.length;
      const end = parseFurther(this.#path, isRest ? slice : wholeLines(slice), this.records, this.#at).bytes;
      if (end === this.#at && isRest) return; // a torn last line
      if (end === this.#at) bytes *= 2; // the line is longer than the slice
      this.#at = end;
      if (this.records.length > known) yield this.records.slice(known);
    }
  }
}

/** Cuts a slice after its last complete line; the rest is read again with the next slice. */
function wholeLines(slice: Buffer): Buffer {
  return slice.subarray(0, slice.lastIndexOf('\n') + 1);
}

async function opened(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return null;
    throw new JournalError(`cannot read ${path} (${cause instanceof Error ? cause.message : cause})`, { cause });
  }
}

function replaced(path: string): JournalError {
  return new JournalError(`${path} was replaced by another journal: its run was removed, and another one begun`);
}
