import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DataError } from '../../errors';
import { killPoint } from '../kill-point';
import { type Disk, nodeDisk } from './disk';

/** Writes a file atomically: to a temporary name, synced, renamed, then the directory synced. */
export async function writeWhole(path: string, content: string | Uint8Array, disk: Disk = nodeDisk): Promise<void> {
  const file = await disk.open(`${path}.part`);
  try {
    await file.truncate(0); // may be left of a process that died here
    await file.write(typeof content === 'string' ? Buffer.from(content) : content, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  killPoint('file.beforeRename');
  await disk.rename(`${path}.part`, path);
  await disk.syncDirectory(dirname(path));
  killPoint('file.afterRename');
}

/**
 * Writes files, by name, into a directory, which is created if it does not exist.
 * @throws DataError if the system refuses; nothing is left of the file that failed
 */
export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    try {
      await ensureDirectory(resolve(directory));
      await writeWhole(path, content);
    } catch (cause) {
      await rm(`${path}.part`, { force: true }).catch(() => {}); // there may be none
      throw refused(path, cause);
    }
  }
}

/** Returns a DataError for a path that the system refuses to write; returns any other error unchanged. */
export function refused(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'syscall' in cause)) return cause;
  return new DataError(`cannot write ${path}: ${cause.message.replace(/^(\w+): (.*), .*/, '$2 ($1)')}`, { cause });
}

/**
 * Creates a directory unless it exists, and syncs its name to the disk. Parents are created one by one: Node's own
 * recursive mkdir never returns where the system lets nothing be created (/proc).
 */
export async function ensureDirectory(path: string): Promise<void> {
  if (existsSync(path)) return;
  await ensureDirectory(dirname(path));
  await mkdir(path).catch((error) => {
    if (!existsSync(path)) throw error; // another process may have been first
  });
  await nodeDisk.syncDirectory(dirname(path));
}
