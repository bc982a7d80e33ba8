import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { hasCode, UsageError } from '../../errors';

/** Characters of names in a lock: they appear in messages, and `began` in a file's name. */
const NAME = /^[\w.:[\] -]{1,255}$/;

/**
 * A process that holds a lock: its number and, if the system reports it, its start time (Linux: in ticks since boot).
 * Numbers are those of one place: one boot of one machine, and one namespace of processes (a container). Locks of
 * earlier versions name no place.
 */
const holderSchema = z.strictObject({
  pid: z.int().positive(),
  began: z.string().regex(/^\d+$/).nullable(),
  place: z.string().regex(NAME).optional(),
  host: z.string().regex(NAME).optional(),
});
export type Holder = z.infer<typeof holderSchema>;

/** Stands for the holder of a corrupt lock. */
const NONE: Holder = { pid: 0, began: null };

/** Returns this process as a holder. */
export function thisProcess(): Holder {
  return { pid: process.pid, began: beganAt(process.pid), place: thisPlace(), host: hostName() };
}

/** Returns the holder that a lock names; pid 0 if the file is corrupt; null if there is no lock. */
export function readHolder(file: string): Holder | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return null;
    throw new UsageError(`cannot read ${file}, which says whether another process works there`, { cause });
  }
  const checked = holderSchema.safeParse(parsed(text));
  return checked.success ? checked.data : NONE;
}

/** Reports whether a holder's number is one of this machine and namespace, so that it can be looked up. */
export function isHere({ place }: Holder): boolean {
  return place === undefined || place === thisPlace();
}

/** Reports whether a holder of this place runs. */
export function isRunning({ pid, began }: Holder): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false; // EPERM: it runs, as another user
  }
  const now = beganAt(pid);
  return began === null || now === null || began === now;
}

/** Returns when a lock was last renewed, as the file system says; null if there is no lock. */
export function renewedAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Returns a holder for messages: its number, and its machine if that is another one. */
export function nameOf(holder: Holder): string {
  return isHere(holder) ? `process ${holder.pid}` : `process ${holder.pid} of ${holder.host ?? 'another machine'}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // torn: its writer died
  }
}

/** Returns the boot and the namespace of processes, or the machine's name if the system reports neither. */
function thisPlace(): string {
  const boot = textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = textOf(() => readlinkSync('/proc/self/ns/pid'));
  return boot === null || namespace === null ? hostName() : `${boot} ${namespace}`;
}

function hostName(): string {
  return (
    hostname()
      .replaceAll(/[^\w.:-]/g, '-')
      .slice(0, 255) || 'unnamed'
  );
}

/**
 * Returns field 22 (start time) of /proc/PID/stat, or null. The program's name before it may hold spaces and brackets.
 */
function beganAt(pid: number): string | null {
  return textOf(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  });
}

function textOf(read: () => string | null): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
