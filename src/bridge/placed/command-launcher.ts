import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { curveKeyPair } from 'zeromq';
import { z } from 'zod';
import { InterruptedError, WorkerError } from '../../errors';
import { shakeHands } from '../wire/handshake';
import { fromZ85, toZ85 } from '../wire/z85';
import type { Launcher, RemoteAccess, WorkerExit, WorkerHandle } from '../workers/launcher';
import { findPython, PACKAGES } from '../workers/python';
import { WorkerChild } from '../workers/worker-child';

/** Time between messages about a worker that waits for its place, in ms. */
const TELL_MS = 60_000;
/** Time without a beat after which a placed worker leaves by itself, in s: for a command that was killed (-9). */
const LEAVE_AFTER_S = 120;
const TRACEBACK = /^Traceback /m;
const ENDED_BY_ITSELF = [134, 137, 139]; // SIGABRT, SIGKILL (of the out-of-memory killer, as a rule), SIGSEGV

/** The line by which a placed worker says where it listens (`serve/placed.py`). */
export const announcementSchema = z.object({
  work: z.string().regex(/^tcp:\/\/\S+$/),
  control: z.string().regex(/^tcp:\/\/\S+$/),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  pid: z.int().positive(),
  host: z.string(),
  gpus: z.string().nullable(),
});
type Announcement = z.infer<typeof announcementSchema>;

export interface CommandLauncherOptions {
  /** The interpreter over there; by default the one of `findPython`, whose path must then lead to one there too. */
  readonly python?: string | undefined;
  /** Environment of the command; by default that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Time that a placed worker has to accept a connection, in ms: a firewall shows itself by it. Default 20,000. */
  readonly connectMs?: number;
  /** Called each minute while a worker waits for its place. */
  readonly onWait?: ((message: string) => void) | undefined;
}

/** Key pair of this process for all workers that it places; it stays in memory. */
let pair: ReturnType<typeof curveKeyPair> | undefined;

/**
 * Starts workers by a command that runs another one elsewhere and passes on its standard streams, such as `srun -n1` or
 * `ssh gpu1`. The command may wait for a place without limit.
 */
export class CommandLauncher implements Launcher {
  readonly #words: readonly string[];
  readonly #options: CommandLauncherOptions;
  readonly #client = randomBytes(8).toString('hex');

  /** @param words the command and its first arguments */
  constructor(words: readonly string[], options: CommandLauncherOptions = {}) {
    this.#words = words;
    this.#options = options;
  }

  /** @throws WorkerError when the command ends first, or nothing listens where the worker says; like `Launcher.start` */
  async start(signal?: AbortSignal): Promise<WorkerHandle> {
    pair ??= curveKeyPair();
    const { publicKey, secretKey } = pair;
    const [command = '', ...first] = this.#words;
    const child = spawn(command, [...first, ...this.#worker(publicKey)], {
      env: this.#options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // a separate session, so that Ctrl-C in a terminal reaches only Node
    });
    const owned = new WorkerChild(child, ['SIGTERM', 'SIGKILL']);
    try {
      const said = await this.#announced(child, owned, signal);
      const keys = { serverKey: toZ85(Buffer.from(said.key, 'hex')), publicKey, secretKey };
      const { connectMs = 20_000 } = this.#options;
      for (const address of [said.work, said.control]) await shakeHands(address, keys, connectMs);
      return new PlacedWorker(owned, said, { keys, client: this.#client }, this.#words.join(' '));
    } catch (error) {
      await owned.stop(0);
      throw error;
    }
  }

  /** The command line of the worker. `-m`, so that a package installed over there serves if this path leads to none. */
  #worker(publicKey: string): string[] {
    const listen = ['--listen', `tcp://towards:${ownAddress()}:0`, '--client-key', fromZ85(publicKey).toString('hex')];
    return [
      ...['env', `PYTHONPATH=${PACKAGES}`, 'PYTHONSAFEPATH=1', 'PYTHONUNBUFFERED=1'],
      ...[this.#options.python ?? findPython(), '-m', 'dsptt_worker', ...listen],
      ...['--leave-after', String(LEAVE_AFTER_S), '--until-stdin-ends'],
    ];
  }

  /** Waits for the worker's announcement, which may take as long as a queue does. */
  async #announced(child: ChildProcess, owned: WorkerChild, signal?: AbortSignal): Promise<Announcement> {
    const waits = `the worker of '${this.#words.join(' ')}' waits for its place`;
    const telling = setInterval(() => this.#options.onWait?.(waits), TELL_MS);
    const gone = owned.exited.then((exit) => {
      throw this.#failure(exit);
    });
    let abort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(new InterruptedError('interrupted while a worker waited for its place'));
    });
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    try {
      return await Promise.race([firstAnnouncement(child), gone, aborted]);
    } finally {
      clearInterval(telling);
      signal?.removeEventListener('abort', abort);
      gone.catch(() => {}); // told by `exited` from now on
    }
  }

  #failure({ code, signal, output }: WorkerExit): WorkerError {
    const last = output.trimEnd().split('\n').at(-1);
    if (code === null && signal === null) {
      return new WorkerError(`'${this.#words[0]}' cannot be started (${last}): is it installed here, and on the PATH?`);
    }
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    const said = last ? `; it said: ${last}` : '';
    return new WorkerError(`'${this.#words.join(' ')}' ${how} before a worker listened${said}`, {
      traceback: TRACEBACK.test(output) ? output : undefined,
    });
  }
}

/** Returns the first line of standard output that is an announcement; others may come from what starts the worker. */
async function firstAnnouncement({ stdout }: ChildProcess): Promise<Announcement> {
  if (stdout !== null) {
    try {
      for await (const line of createInterface({ input: stdout })) {
        const said = announcementSchema.safeParse(parsed(line));
        if (said.success) return said.data;
      }
    } finally {
      stdout.resume(); // readline leaves it paused, and its end would never come
    }
  }
  return new Promise(() => {}); // the command has ended, which its exit tells
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Returns an address of this machine that others may reach; that of the loopback if it has no other. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** A worker that a command has placed; it serves this process only. */
class PlacedWorker implements WorkerHandle {
  readonly work: string;
  readonly control: string;
  readonly remote: RemoteAccess;
  readonly host: string;
  readonly description: string;
  readonly exited: Promise<WorkerExit>;
  readonly #child: WorkerChild;

  constructor(child: WorkerChild, said: Announcement, remote: RemoteAccess, command: string) {
    this.#child = child;
    this.remote = remote;
    this.work = said.work;
    this.control = said.control;
    this.host = said.host;
    this.description = `on ${said.host} (pid ${said.pid}, by '${command}')`;
    this.exited = child.exited.then((exit) => ({ ...exit, lostPlace: isPlaceLost(exit) }));
  }

  stop(graceMs: number): Promise<void> {
    return this.#child.stop(graceMs);
  }
}

/** Reports whether a worker went with its place: it printed no error, and no signal of its own doing ended it. */
function isPlaceLost({ code, output }: WorkerExit): boolean {
  return !TRACEBACK.test(output) && !(code !== null && ENDED_BY_ITSELF.includes(code));
}
