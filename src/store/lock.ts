import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { hasCode, UsageError } from '../errors';
import { ensureDirectory } from './files';

const LOCK = '.lock';

/**
 * Hold a directory for this process while work goes on in it, so that no second one writes there or takes its unfinished
 * runs for left over. A lock counts for nothing once its process is gone, also where another process has its number now.
 * @throws UsageError when another process holds it
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

/** Remove the lock that a process has left which is gone, where this one may. */
export async function releaseLeft(directory: string): Promise<void> {
  if (!existsSync(join(directory, LOCK)) || holderOf(directory) !== null) return;
  await holding(directory, async () => {}).catch(() => {}); // somebody else took it, or this may not: it harms nobody
}

/** The process that works in a directory; null where none does, or where that cannot be read. */
export function holderOf(directory: string): Holder | null {
  try {
    const holder = readHolder(join(directory, LOCK));
    return holder !== null && isRunning(holder) ? holder : null;
  } catch {
    return null;
  }
}

/** A process by its number and, where the system tells, the moment it began (Linux: in ticks since the start). */
export interface Holder {
  readonly pid: number;
  readonly began: string | null;
}

/** The process that has a lock, or is about to. */
interface Rival extends Holder {
  readonly does: 'works in' | 'is taking';
}

/** @throws UsageError when another process holds the directory */
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
 * Take a lock. One whose process is gone is replaced, but only by who holds the right to replace that very one, which is a
 * lock itself: so the lock of a process that lives is never moved.
 * @param own a file that says who takes it
 * @returns null, or who has it
 */
function taken(file: string, own: string): Rival | null {
  for (;;) {
    if (!exists(() => linkSync(own, file))) return null; // link: the lock appears whole or not at all
    const holder = readHolder(file);
    if (holder === null) continue; // given back meanwhile
    if (isRunning(holder)) return { ...holder, does: 'works in' };
    const right = `${file}.after-${holder.pid}-${holder.began}`;
    const rival = taken(right, own);
    if (rival !== null) return { ...rival, does: 'is taking' };
    try {
      if (!isDeepStrictEqual(readHolder(file), holder)) continue; // replaced before the right was ours
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

/** Of a torn lock, a process that is none; null where there is no lock. */
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

/** What `began` may be: it becomes part of a file's name. */
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
    if (!hasCode(error, 'EPERM')) return false; // EPERM: another user's
  }
  const now = beganAt(pid);
  return began === null || now === null || began === now;
}

/** Field 22 of /proc/PID/stat; the program's name before it may hold spaces and brackets. */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
