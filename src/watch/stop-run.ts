import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors';
import { type Holder, isHere } from '../store/disk/holder';
import { holderOf } from '../store/disk/lock';

/**
 * Returns the process that runs in a directory if it is certain: the lock names it, and it has the run's journal open.
 * The lock alone is no proof, because the owner of the directory can write any process id into it.
 */
export function runnerOf(directory: string): Holder | null {
  const holder = holderOf(directory);
  if (holder === null || holder.began === null || !isHere(holder)) return null;
  return hasJournalOpen(holder.pid, directory) ? holder : null;
}

/**
 * Interrupts a run as Ctrl-C does: it saves its position and can be resumed.
 * @param seen process that the user saw and wants to stop
 * @throws UsageError if that process no longer works on the run, or belongs to another user
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

/** Reports whether a process has the journal open. Needs Linux's /proc, and works only for processes of this user. */
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
