import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { DataError, InterruptedError } from '../../errors';
import type { Archive } from './archives';

/** DownloadProgress of a download: bytes received of bytes in all. */
export interface DownloadProgress {
  readonly file: string;
  readonly received: number;
  readonly bytes: number;
}

export interface Download {
  readonly archive: Archive;
  /** Folder for the archive; created if missing. */
  readonly into: string;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Downloads and checks an archive, and returns its path. The file gets its name only when it is complete and has the
 * published checksum; until then its name ends in `.part`, and a failure removes it.
 * @throws DataError when the archive cannot be fetched or written, or is not the published file; InterruptedError when
 *   aborted
 */
export async function fetchArchive({ archive, into, onProgress, signal }: Download): Promise<string> {
  const path = join(into, archive.file);
  const part = `${path}.${randomUUID()}.part`; // unique: two runs may download the same archive at once
  try {
    await mkdir(into, { recursive: true });
    try {
      await receive(archive, part, onProgress, signal);
      await rename(part, path);
    } finally {
      await rm(part, { force: true });
    }
    return path;
  } catch (error) {
    if (signal?.aborted)
      throw new InterruptedError(`the download of ${archive.file} was interrupted`, { cause: error });
    throw error instanceof DataError ? error : unfetched(archive, reason(error), error);
  }
}

async function receive(archive: Archive, part: string, onProgress: Download['onProgress'], signal?: AbortSignal) {
  const response = await fetch(archive.url, signal === undefined ? {} : { signal });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw unfetched(archive, `the server answers ${`${response.status} ${response.statusText}`.trim()}`);
  }
  const file = await open(part, 'wx');
  try {
    await write(archive, response.body, file, onProgress);
  } finally {
    await file.close();
  }
}

async function write(
  archive: Archive,
  body: AsyncIterable<Uint8Array>,
  file: FileHandle,
  onProgress: Download['onProgress'],
): Promise<void> {
  const digest = createHash('md5');
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    if (received > archive.bytes) throw altered(archive, `more than ${archive.bytes} bytes`);
    digest.update(chunk);
    await file.writeFile(chunk);
    onProgress?.({ file: archive.file, received, bytes: archive.bytes });
  }
  if (received < archive.bytes) throw altered(archive, `${received} bytes`);
  const md5 = digest.digest('hex');
  if (md5 !== archive.md5) throw altered(archive, `md5 ${md5}`);
}

/** Advice at the end of every error message. */
const INSTEAD = 'or download it elsewhere and name its folder with --data-dir (dataset.dir in a configuration)';

function unfetched(archive: Archive, why: string, cause?: unknown): DataError {
  return new DataError(`cannot download ${archive.url}: ${why}; try again later, ${INSTEAD}`, { cause });
}

function altered(archive: Archive, got: string): DataError {
  return new DataError(
    `${archive.url} is not the published file: expected ${archive.bytes} bytes with md5 ${archive.md5}, got ${got}; ` +
      `what was received is removed; try again, ${INSTEAD}`,
  );
}

/** Returns an error's message with those of its causes: `fetch failed` alone says nothing. */
function reason(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reason).join('; ');
  return error.cause === undefined ? error.message : `${error.message} (${reason(error.cause)})`;
}
