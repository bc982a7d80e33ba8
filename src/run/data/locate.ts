import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ARCHIVES, type Archive } from './archives';
import { type Download, fetchArchive } from './download';

/** Returns the folder of downloads and decoded data: `$DSPTT_CACHE`, or `~/.cache/dsptt`, the same as the worker's. */
export function cacheDirectory(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return environment.DSPTT_CACHE || join(homedir(), '.cache', 'dsptt');
}

export interface DataRequest extends Pick<Download, 'onProgress' | 'signal'> {
  readonly dataset: string;
  /** The folder that the user named; null if none. */
  readonly dir: string | null;
  readonly cache: string;
  /** Archives that can be downloaded, by data set. */
  readonly archives?: ReadonlyMap<string, readonly Archive[]>;
}

/**
 * Returns the folder of a data set: the one that the user named, else the cache's, into which missing files are
 * downloaded. Null, without a named folder, for a data set that cannot be downloaded.
 * @throws DataError when a download fails; InterruptedError when it is aborted
 */
export async function dataDirectory(request: DataRequest): Promise<string | null> {
  const { dataset, dir, cache, archives = ARCHIVES, onProgress, signal } = request;
  const wanted = archives.get(dataset);
  if (dir !== null || wanted === undefined) return dir;
  const into = join(cache, dataset);
  for (const archive of wanted)
    if (!existsSync(join(into, archive.unpacked)) && !existsSync(join(into, archive.file)))
      await fetchArchive({ archive, into, onProgress, signal });
  return into;
}
