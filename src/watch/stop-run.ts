import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors';
import { type Holder, holderOf } from '../store/lock';

/**
 * The process that goes on with the run of a directory, where it is certain which one that is: its lock names it, and it
 * has the run's journal open. A lock alone would not do, as whoever made the directory can write any number into it.
 */
export function runnerOf(directory: string): Holder | null {
  const holder = holderOf(directory);
  return holder !== null && holder.began !== null && hasJournalOpen(holder.pid, directory) ? holder : null;
}

/**
 * Do to a run what Ctrl-C does: it keeps where it stands, and can be resumed.
 * @param seen the process that was meant
 * @throws UsageError when that process does not go on with the run any more, or is another user's
 */
export function stopRun(directory: string, seen: Holder): void {
  const now = runnerOf(directory);
  if (now === null || now.pid !== seen.pid || now.began !== seen.began) {
    throw new UsageError(`process ${seen.pid} does not work in ${directory} any more: there is nothing to stop`);
  }
  try {
    process.kill(seen.pid, 'SIGINT');
  } catch (cause) {
    throw new UsageError(`process ${seen.pid} cannot be stopped by this user`, { cause });
  }
}

/** As Linux tells it, of one's own processes. */
function hasJournalOpen(pid: number, directory: string): boolean {
  try {
    const journal = `${realpathSync(directory)}/journal.`;
    const descriptors = `/proc/${pid}/fd`;
    return readdirSync(descriptors).some((fd) => linkOf(join(descriptors, fd)).startsWith(journal));
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile
  }
}
