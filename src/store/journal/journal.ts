import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JournalError } from '../../errors';
import { cannotWrite, type Disk, type DiskFile } from '../disk/disk';
import { killPoint } from '../kill-point';
import { ArrayFiles, type StoredArray } from './arrays';
import { type Parsed, parseJournal } from './parse';
import { type ArrayRef, encodeLine, type Header, type JournalRecord, type Unplaced } from './record';

/** A line that waits to be written, with the callbacks of its append. */
interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Replaces arrays by name with references by name. */
export type Refs = (arrays: Readonly<Record<string, StoredArray>>) => Record<string, ArrayRef>;

/**
 * The journal of a run: `journal.jsonl`, to which records are only ever appended, and raw arrays beside it. Records
 * appended during a write are written together with the next one, which saves syncs.
 */
export class Journal {
  /** Content of the journal when it was opened. */
  readonly found: Parsed;
  readonly #path: string;
  readonly #disk: Disk;
  readonly #arrays: ArrayFiles;
  #file: DiskFile | undefined;
  #end: number;
  #records: number;
  readonly #process: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #failure: JournalError | undefined;

  private constructor(path: string, disk: Disk, found: Parsed) {
    this.found = found;
    this.#path = path;
    this.#disk = disk;
    this.#arrays = new ArrayFiles(join(dirname(path), 'journal'), disk, refsOf(found.records));
    this.#end = found.bytes;
    this.#records = found.records.length;
    this.#process = (found.records.at(-1)?.w ?? 0) + 1;
  }

  /**
   * Opens the journal of a run directory, which may not exist yet. Nothing is changed before the first append.
   * @throws JournalError if it is damaged before its last line
   */
  static async open(directory: string, disk: Disk): Promise<Journal> {
    const path = join(directory, 'journal.jsonl');
    const bytes = existsSync(path) ? await readFile(path) : Buffer.alloc(0);
    return new Journal(path, disk, parseJournal(path, bytes));
  }

  /** The header; undefined if the run has not begun. */
  get header(): Header | undefined {
    const [first] = this.found.records;
    return first?.kind === 'header' ? first : undefined;
  }

  /** Reads an array that a record refers to. @throws JournalError if the array is damaged */
  read(ref: ArrayRef): Promise<StoredArray> {
    return this.#arrays.read(ref);
  }

  /**
   * Appends a record. Records are written in the order of these calls.
   * @param make builds the record, with references to its arrays
   * @param canWait delays the write until a later record or `flush`, which saves a sync
   * @returns a promise that resolves when this record and all earlier ones are on the disk
   * @throws JournalError if the disk fails; every later append then throws it too
   */
  append(make: (refs: Refs) => Unplaced<JournalRecord>, canWait = false): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const unplaced = make((arrays) =>
      Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, this.#arrays.add(array)])),
    );
    const line = encodeLine({ ...unplaced, n: this.#records, w: this.#process });
    this.#records += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      if (!canWait) this.#writing ??= this.#write();
    });
  }

  /**
   * Waits until every appended record is on the disk or has failed. Failures reject the promises of the appends, not
   * this one.
   */
  async flush(): Promise<void> {
    if (this.#waiting.length > 0) this.#writing ??= this.#write();
    await this.#writing;
  }

  /** Flushes, then closes the files. */
  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close();
    await this.#arrays.close();
  }

  async #write(): Promise<void> {
    await null; // records appended in the same turn are written together
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure !== undefined) throw this.#failure;
        await this.#commit(Buffer.from(batch.map(({ line }) => line).join('')));
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        this.#failure ??= cannotWrite(this.#path, cause);
        for (const { reject } of batch) reject(this.#failure);
      }
    }
    this.#writing = null;
  }

  /** Writes arrays before records: then every array that a record on the disk refers to is there. */
  async #commit(lines: Buffer): Promise<void> {
    this.#file ??= await this.#opened();
    await this.#arrays.flush();
    killPoint('journal.beforeWrite');
    await this.#file.write(lines, this.#end);
    killPoint('journal.afterWrite');
    await this.#file.sync();
    killPoint('journal.afterSync');
    this.#end += lines.length;
  }

  async #opened(): Promise<DiskFile> {
    this.#file = await this.#disk.open(this.#path);
    await this.#file.truncate(this.#end); // a torn last line
    await this.#disk.syncDirectory(dirname(this.#path));
    return this.#file;
  }
}

function* refsOf(records: readonly JournalRecord[]): Iterable<ArrayRef> {
  for (const entry of records) {
    if (entry.kind === 'result' && entry.tensors !== null) yield* Object.values(entry.tensors);
  }
}
