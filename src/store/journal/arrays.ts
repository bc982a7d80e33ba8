import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JournalError } from '../../errors';
import type { Disk, DiskFile } from '../disk/disk';
import type { ArrayRef } from './record';

/** Typed array of each element type. */
const ARRAYS = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u1: Uint8Array } as const;
type Dtype = keyof typeof ARRAYS;
export type StoredArray = Float32Array | Float64Array | Int32Array | Uint8Array;

const INLINE_BYTES = 1024;

/**
 * The raw files beside a journal, `journal.f4` etc.: little-endian numbers that records refer to. They are only
 * appended to.
 */
export class ArrayFiles {
  readonly #base: string;
  readonly #disk: Disk;
  readonly #ends: Map<Dtype, number>;
  readonly #writers = new Map<Dtype, DiskFile>();
  readonly #readers = new Map<Dtype, Promise<FileHandle>>();
  #unwritten: { readonly dtype: Dtype; readonly offset: number; readonly bytes: Uint8Array }[] = [];

  /**
   * @param base path of the journal without its extension
   * @param refs references to arrays that the journal already contains
   */
  constructor(base: string, disk: Disk, refs: Iterable<ArrayRef>) {
    this.#base = base;
    this.#disk = disk;
    this.#ends = new Map();
    for (const ref of refs) {
      if ('offset' in ref) this.#ends.set(ref.dtype, Math.max(this.#end(ref.dtype), ref.offset + bytesOf(ref)));
    }
  }

  /** Queues an array, whose bytes the next `flush` writes: they must not change until then. Returns its reference. */
  add(array: StoredArray): ArrayRef {
    const dtype = dtypeOf(array);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    if (bytes.length <= INLINE_BYTES) {
      return { dtype, length: array.length, inline: Buffer.from(bytes).toString('base64') };
    }
    const offset = this.#end(dtype);
    this.#ends.set(dtype, offset + bytes.length);
    this.#unwritten.push({ dtype, offset, bytes });
    return { dtype, length: array.length, offset, sha256: sha256(bytes) };
  }

  /** Writes the queued arrays, and syncs their files. */
  async flush(): Promise<void> {
    const batch = this.#unwritten;
    this.#unwritten = [];
    const written = new Set<DiskFile>();
    for (const { dtype, offset, bytes } of batch) {
      const file = await this.#writer(dtype, offset);
      await file.write(bytes, offset);
      written.add(file);
    }
    await Promise.all([...written].map((file) => file.sync()));
  }

  /** Reads an array. @throws JournalError if the file does not hold the bytes that the journal refers to */
  async read(ref: ArrayRef): Promise<StoredArray> {
    const bytes = 'inline' in ref ? Buffer.from(ref.inline, 'base64') : await this.#stored(ref);
    if (bytes.length !== bytesOf(ref)) {
      throw new JournalError(`${this.#path(ref.dtype)}: an array of ${ref.length} numbers has ${bytes.length} bytes`);
    }
    const own = Uint8Array.from(bytes); // a copy, so that the bytes are aligned
    return new ARRAYS[ref.dtype](own.buffer);
  }

  async close(): Promise<void> {
    for (const file of this.#writers.values()) await file.close();
    for (const opening of this.#readers.values())
      await opening.then(
        (file) => file.close(),
        () => {},
      ); // its reader got the error
    this.#writers.clear();
    this.#readers.clear();
  }

  async #stored(ref: Extract<ArrayRef, { offset: number }>): Promise<Buffer> {
    const path = this.#path(ref.dtype);
    const opening = this.#readers.get(ref.dtype) ?? opened(path);
    this.#readers.set(ref.dtype, opening);
    const { buffer, bytesRead } = await (await opening).read(Buffer.alloc(bytesOf(ref)), 0, bytesOf(ref), ref.offset);
    if (bytesRead === bytesOf(ref) && sha256(buffer) === ref.sha256) return buffer;
    throw new JournalError(
      `${path} is damaged: the ${ref.length} numbers from byte ${ref.offset} are not those that the journal refers to; restore the file, or remove the run directory and start again`,
    );
  }

  /** Opens a file for writing. The first write of a process cuts off the bytes that no record refers to. */
  async #writer(dtype: Dtype, from: number): Promise<DiskFile> {
    const known = this.#writers.get(dtype);
    if (known !== undefined) return known;
    const file = await this.#disk.open(this.#path(dtype));
    this.#writers.set(dtype, file);
    await file.truncate(from);
    await this.#disk.syncDirectory(dirname(this.#base));
    return file;
  }

  #end(dtype: Dtype): number {
    return this.#ends.get(dtype) ?? 0;
  }

  #path(dtype: Dtype): string {
    return `${this.#base}.${dtype}`;
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new JournalError(`cannot read ${path}, to which the journal refers`, { cause });
  }
}

function bytesOf({ dtype, length }: ArrayRef): number {
  return length * ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** Returns the element type of an array by numpy's short name. */
export function dtypeOf(array: StoredArray): Dtype {
  if (array instanceof Float32Array) return 'f4';
  if (array instanceof Float64Array) return 'f8';
  return array instanceof Int32Array ? 'i4' : 'u1';
}

/** Returns a SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
