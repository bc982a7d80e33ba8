import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { JournalError } from '../../errors';

/** A file opened for writing at given positions. */
export interface DiskFile {
  /** Writes all bytes at a position, or throws: a short write never counts as done. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Cuts the file to a length. */
  truncate(bytes: number): Promise<void>;
  /** Waits until the written data are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Operations on the file system that durable files need: an interface, so that tests can let every call fail. */
export interface Disk {
  /** Opens a file for writing, and creates it if it does not exist. */
  open(path: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** Waits until the names in a directory are on the disk. */
  syncDirectory(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeDisk: Disk = {
  open: async (path) => new NodeFile(await open(path, constants.O_RDWR | constants.O_CREAT)),
  rename,
  remove: (path) => rm(path, { force: true }),
  syncDirectory: async (path) => {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
};

/** Returns a disk that calls `check`, which may throw, before everything that changes files. */
export function checkedDisk(disk: Disk, check: () => void): Disk {
  const first = <Given extends readonly unknown[], Answer>(change: (...given: Given) => Promise<Answer>) => {
    return async (...given: Given): Promise<Answer> => {
      check();
      return change(...given);
    };
  };
  return {
    open: first(async (path) => {
      const file = await disk.open(path);
      return {
        write: first((bytes, position) => file.write(bytes, position)),
        truncate: first((bytes) => file.truncate(bytes)),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    }),
    rename: first((from, to) => disk.rename(from, to)),
    remove: first((path) => disk.remove(path)),
    syncDirectory: (path) => disk.syncDirectory(path),
  };
}

/** Returns the error for a run's file that cannot be written. */
export function cannotWrite(path: string, cause: unknown): JournalError {
  if (cause instanceof JournalError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new JournalError(
    `cannot write ${path} (${why}): the run ends here, and can be resumed once the disk takes writes again`,
    { cause },
  );
}

class NodeFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.byteLength; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.byteLength - done, position + done);
      done += bytesWritten;
    }
  }

  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes);
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
