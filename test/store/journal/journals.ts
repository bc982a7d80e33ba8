import fs from 'node:fs';
import path from 'node:path';
import { type Disk, type DiskFile, nodeDisk } from '../../../src/store/disk/disk';
import type { StoredArray } from '../../../src/store/journal/arrays';
import { Journal, type Refs } from '../../../src/store/journal/journal';
import type { ArrayRef, Header, JournalRecord, Unplaced } from '../../../src/store/journal/record';

export type Loose = Unplaced<JournalRecord>;

export const HEADER: Unplaced<Header> = {
  kind: 'header',
  schema: 1,
  flags: [],
  config: 'c'.repeat(64),
  chunk: 100,
  versions: { dsptt: '0.1.0' },
  tier0: null,
};

/** A record that holds no more than a word. */
export const note = (reason: string): Loose => ({ kind: 'restart', reason });

/** The result of a command, with arrays. */
export function result(refs: Refs, arrays: Readonly<Record<string, StoredArray>>, c = 0): Loose {
  return { kind: 'result', c, t: 0, digest: 'd'.repeat(64), fields: {}, tensors: refs(arrays) };
}

/** Open the journal of a directory, append in one turn, and close it. */
export async function appended(directory: string, records: readonly Loose[], disk: Disk = nodeDisk): Promise<void> {
  const journal = await Journal.open(directory, disk);
  await Promise.all(records.map((record) => journal.append(() => record)));
  await journal.close();
}

/** A fresh directory below another one, with a journal of these notes behind its header. */
export async function journalWith(below: string, ...notes: readonly string[]): Promise<string> {
  const directory = fs.mkdtempSync(path.join(below, 'run-'));
  await appended(directory, [HEADER, ...notes.map(note)]);
  return directory;
}

export async function foundIn(directory: string): Promise<Journal['found']> {
  const journal = await Journal.open(directory, nodeDisk);
  await journal.close();
  return journal.found;
}

export function notesOf(records: readonly JournalRecord[]): string[] {
  return records.flatMap((record) => (record.kind === 'restart' ? [record.reason] : []));
}

/** References to a result's arrays, by name. */
export function refsIn(records: readonly JournalRecord[]): Record<string, ArrayRef> {
  return Object.assign({}, ...records.map((record) => (record.kind === 'result' ? record.tensors : null)));
}

/** The machine's file system, which notes what it was asked for; before each call it waits for `before`. */
export class WatchedDisk implements Disk {
  readonly calls: string[] = [];
  before: (call: string) => Promise<void> = async () => {};

  async open(file: string): Promise<DiskFile> {
    const name = path.basename(file);
    await this.#note(`open ${name}`);
    const opened = await nodeDisk.open(file);
    return {
      write: (bytes, position) => this.#note(`write ${name}`).then(() => opened.write(bytes, position)),
      truncate: (bytes) => this.#note(`truncate ${name}`).then(() => opened.truncate(bytes)),
      sync: () => this.#note(`sync ${name}`).then(() => opened.sync()),
      close: () => opened.close(),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#note(`rename ${path.basename(to)}`);
    await nodeDisk.rename(from, to);
  }

  async syncDirectory(directory: string): Promise<void> {
    await this.#note('sync directory');
    await nodeDisk.syncDirectory(directory);
  }

  async remove(file: string): Promise<void> {
    await this.#note(`remove ${path.basename(file)}`);
    await nodeDisk.remove(file);
  }

  async #note(call: string): Promise<void> {
    await this.before(call);
    this.calls.push(call);
  }
}
