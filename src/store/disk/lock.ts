import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { hasCode, JournalError, UsageError } from '../../errors';
import { ensureDirectory } from './files';
import { type Holder, isHere, isRunning, nameOf, readHolder, renewedAt, thisProcess } from './holder';

const LOCK = '.lock';

export interface LockOptions {
  /** Time between renewals of a lock, in ms. Default 10,000. */
  readonly renewMs?: number;
  /** Time without a renewal after which the lock of another machine is void, in ms. Default 60,000. */
  readonly voidMs?: number;
  /** Called when a process of another machine has the lock, before its renewals are waited for. */
  readonly onWait?: (message: string) => void;
}

const RENEW_MS = 10_000;
const VOID_MS = 60_000;
/** Part of `voidMs` between two looks at the lock of another machine. */
const LOOKS = 60;

/** A lock that this process holds. */
export interface HeldLock {
  /**
   * Checks that no other process has taken the lock since. One of another machine may, if this process was suspended or
   * cut off from the disk for longer than `voidMs`.
   * @throws JournalError if one has
   */
  readonly mustHold: () => void;
}

/**
 * Locks a directory for this process while `work` runs, so that no second process writes there or mistakes its
 * unfinished runs for abandoned ones. A lock is void once its process is gone, even if another process has its number
 * now. Processes of another machine or container cannot be looked up: their locks are void once they are not renewed.
 * @throws UsageError if another process holds the lock
 */
export async function holding<T>(
  directory: string,
  work: (lock: HeldLock) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await ensureDirectory(resolve(directory));
  const file = join(directory, LOCK);
  const self = thisProcess();
  await take(file, self, directory, options);
  const renewal = setInterval(() => renew(file), options.renewMs ?? RENEW_MS).unref();
  try {
    return await work({ mustHold: () => mustBeOf(self, file, directory) });
  } finally {
    clearInterval(renewal);
    release(file, self);
  }
}

/** Removes a lock, unless another process has taken it. One that cannot be read stays, and is void with this process. */
function release(file: string, self: Holder): void {
  try {
    if (isDeepStrictEqual(readHolder(file), self)) rmSync(file, { force: true });
  } catch {
    // What the work has ended with counts, not this.
  }
}

/** Removes a stale lock left by a dead process of this machine, if permitted. */
export async function releaseLeft(directory: string): Promise<void> {
  const file = join(directory, LOCK);
  const holder = existsSync(file) ? readHolder(file) : null;
  if (holder === null || !isHere(holder) || isRunning(holder)) return;
  await holding(directory, async () => {}).catch(() => {}); // harmless: another process took it, or this one lacks permission
}

/**
 * Returns the process that works in a directory; null if there is none, or if the lock cannot be read. One of another
 * machine counts until this process has seen its lock for a minute without a renewal.
 */
export function holderOf(directory: string): Holder | null {
  const file = join(directory, LOCK);
  try {
    const holder = readHolder(file);
    if (holder === null) return null;
    return (isHere(holder) ? isRunning(holder) : isFresh(file)) ? holder : null;
  } catch {
    return null;
  }
}

/** Locks of other machines: when each was last renewed, and since when (monotonic, in ms) this process has seen that. */
const seen = new Map<string, { readonly renewed: number | null; readonly since: number }>();

function isFresh(file: string): boolean {
  const renewed = renewedAt(file);
  const before = seen.get(file);
  const since = before?.renewed === renewed ? before.since : performance.now();
  seen.set(file, { renewed, since });
  return performance.now() - since < VOID_MS;
}

/** The process that has a lock or is about to take it. */
interface Rival {
  readonly holder: Holder;
  readonly does: 'works in' | 'is taking';
}

/** Takes the lock of a directory. @throws UsageError if another process holds it */
async function take(file: string, self: Holder, directory: string, options: LockOptions): Promise<void> {
  const own = `${file}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify(self));
  try {
    const rival = await taken(file, own, (holder, of) => isAlive(holder, of, directory, options));
    if (rival === null) return;
    const { holder, does } = rival;
    throw new UsageError(`${nameOf(holder)} ${does} ${directory}: wait for it, or name another directory with --out`);
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
async function taken(
  file: string,
  own: string,
  lives: (holder: Holder, file: string) => Promise<boolean>,
): Promise<Rival | null> {
  for (;;) {
    if (!exists(() => linkSync(own, file))) return null; // link: the lock appears complete or not at all
    const holder = readHolder(file);
    if (holder === null) continue; // released meanwhile
    if (await lives(holder, file)) return { holder, does: 'works in' };
    const right = `${file}.after-${holder.pid}-${holder.began}`;
    const rival = await taken(right, own, lives);
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

/** Reports whether the holder of a lock lives. That of another place does if it renews its lock while this one waits. */
async function isAlive(
  holder: Holder,
  file: string,
  directory: string,
  { voidMs = VOID_MS, onWait = () => {} }: LockOptions,
): Promise<boolean> {
  if (isHere(holder)) return isRunning(holder);
  const before = renewedAt(file);
  const seconds = Math.round(voidMs / 1000);
  onWait(`waits up to ${seconds} s to see whether ${nameOf(holder)} still works in ${directory}`);
  for (let looks = 0; looks < LOOKS; looks += 1) {
    await pause(voidMs / LOOKS);
    const now = renewedAt(file);
    if (now === null) return false; // released meanwhile
    if (now !== before) return true;
  }
  return false;
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

/**
 * Renews a lock for the processes of other machines: the file system notes the time of the write. What is written is
 * what the file holds, so that the lock of another process stays its own.
 */
function renew(file: string): void {
  try {
    const lock = openSync(file, 'r+');
    try {
      writeSync(lock, readFileSync(lock), 0, undefined, 0);
    } finally {
      closeSync(lock);
    }
  } catch {
    // The disk does not answer now: a later renewal may succeed, and `mustHold` tells whether that was in time.
  }
}

function mustBeOf(self: Holder, file: string, directory: string): void {
  const holder = readHolder(file);
  if (isDeepStrictEqual(holder, self)) return;
  const by = holder === null ? 'its lock is gone' : `${nameOf(holder)} works there now`;
  throw new JournalError(
    `this process did not renew the lock of ${directory} in time, and ${by}: this one ends, and what it had written stays`,
  );
}
