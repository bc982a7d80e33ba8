import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { hasCode, UsageError } from '../../errors';
import { ensureDirectory } from './files';

const LOCK = '.lock';

/**
 * Locks a directory for this process while `work` runs, so that no second process writes there or mistakes its
 * unfinished runs for abandoned ones. A lock is void once its process is gone, even if another process has its number
 * now.
 * @throws UsageError if another process holds the lock
 */
export async function holding<T>(directory: string, work: () => Promise<T>): Promise<T> {
  await ensureDirectory(resolve(directory));
  const file = join(directory, LOCK);
  take(file, directory);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Removes a stale lock left by a dead process, if permitted. */
export async function releaseLeft(directory: string): Promise<void> {
  if (!existsSync(join(directory, LOCK)) || holderOf(directory) !== null) return;
  await holding(directory, async () => {}).catch(() => {}); // harmless: another process took it, or this one lacks permission
}

/** Returns the process that works in a directory; null if there is none, or if the lock cannot be read. */
export function holderOf(directory: string): Holder | null {
  try {
    const holder = readHolder(join(directory, LOCK));
    return holder !== null && isRunning(holder) ? holder : null;
  } catch {
    return null;
  }
}

/** A process: its number and, if the system reports it, its start time (Linux: in ticks since boot). */
export interface Holder {
  readonly pid: number;
  readonly began: string | null;
}

/** The process that has a lock or is about to take it. */
interface Rival extends Holder {
  readonly does: 'works in' | 'is taking';
}

/** Takes the lock of a directory. @throws UsageError if another process holds it */
function take(file: string, directory: string): void {
  const own = `${file}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, began: beganAt(process.pid) } satisfies Holder));
  try {
    const rival = taken(file, own);
    if (rival === null) return;
    const { pid, does } = rival;
    throw new UsageError(`process ${pid} ${does} ${directory}: wait for it, or name another directory with --out`);
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Takes a lock. The lock of a dead process is replaced, but only by the holder of the right to replace that very lock,
 * which is a lock itself: so the lock of a living process is never moved.
 * @param own a file that names this process
 * @returns null on success, else the process that has the lock
 */
function taken(file: string, own: string): Rival | null {
  for (;;) {
    if (!exists(() => linkSync(own, file))) return null; // link: the lock appears complete or not at all
    const holder = readHolder(file);
    if (holder === null) continue; // released meanwhile
    if (isRunning(holder)) return { ...holder, does: 'works in' };
    const right = `${file}.after-${holder.pid}-${holder.began}`;
    const rival = taken(right, own);
    if (rival !== null) return { ...rival, does: 'is taking' };
    try {
      if (!isDeepStrictEqual(readHolder(file), holder)) continue; // replaced before we had the right
      linkSync(own, `${own}.next`);
      renameSync(`${own}.next`, file);
      return null;
    } finally {
      rmSync(right, { force: true });
    }
  }
}

function exists(make: () => void): boolean {
  try {
    make();
    return false;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return true;
    throw error;
  }
}

/** The holder of a lock; pid 0 if the file is corrupt; null if there is no lock. */
function readHolder(file: string): Holder | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return null;
    throw new UsageError(`cannot read ${file}, which says whether another process works there`, { cause });
  }
  const checked = holderSchema.safeParse(parsed(text));
  return checked.success ? checked.data : { pid: 0, began: null };
}

/** Schema of a lock file. `began` is checked because it becomes part of a file's name. */
const holderSchema = z.strictObject({ pid: z.int().positive(), began: z.string().regex(/^\d+$/).nullable() });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // torn: its writer died
  }
}

function isRunning({ pid, began }: Holder): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false; // EPERM: it runs, as another user
  }
  const now = beganAt(pid);
  return began === null || now === null || began === now;
}

/**
 * Returns field 22 (start time) of /proc/PID/stat, or null. The program's name before it may hold spaces and brackets.
 */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
