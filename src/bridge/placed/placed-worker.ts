import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { curveKeyPair } from 'zeromq';
import { z } from 'zod';
import { InterruptedError, WorkerError } from '../../errors';
import { shakeHands } from '../wire/handshake';
import { fromZ85, toZ85 } from '../wire/z85';
import type { RemoteAccess, WorkerExit, WorkerHandle } from '../workers/launcher';

/** Time that a placed worker has to accept a connection, in ms: a firewall shows itself by it. */
const CONNECT_MS = 20_000;
/** Time without a beat after which a placed worker leaves by itself, in s: for a command that was killed (-9). */
const LEAVE_AFTER_S = 120;

/** The line by which a placed worker says where it listens (`serve/placed.py`). */
export const announcementSchema = z.object({
  work: z.string().regex(/^tcp:\/\/\S+$/),
  control: z.string().regex(/^tcp:\/\/\S+$/),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  pid: z.int().positive(),
  host: z.string(),
  gpus: z.string().nullable(),
});
export type Announcement = z.infer<typeof announcementSchema>;

/** Key pair of this process for all workers that it places; it stays in memory. */
let pair: ReturnType<typeof curveKeyPair> | undefined;

function ownKeys(): ReturnType<typeof curveKeyPair> {
  pair ??= curveKeyPair();
  return pair;
}

/** Returns the arguments of a worker that is to listen for this process alone, at an address that this machine reaches. */
export function placedArguments(): string[] {
  const key = fromZ85(ownKeys().publicKey).toString('hex');
  const listen = ['--listen', `tcp://towards:${ownAddress()}:0`, '--client-key', key];
  return [...listen, '--leave-after', String(LEAVE_AFTER_S)];
}

/** Returns an address of this machine that others may reach; that of the loopback if it has no other. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** The process behind a placed worker: it tells the end, and can bring it about. */
export interface PlacedProcess {
  readonly exited: Promise<WorkerExit>;
  stop(graceMs: number): Promise<void>;
}

/** A worker that was placed; it serves this process only. */
export class PlacedWorker implements WorkerHandle {
  readonly work: string;
  readonly control: string;
  readonly remote: RemoteAccess;
  readonly host: string;
  readonly description: string;
  readonly exited: Promise<WorkerExit>;
  readonly #process: PlacedProcess;

  private constructor(process: PlacedProcess, said: Announcement, remote: RemoteAccess, by: string) {
    this.#process = process;
    this.remote = remote;
    this.work = said.work;
    this.control = said.control;
    this.host = said.host;
    this.description = `on ${said.host} (pid ${said.pid}, by '${by}')`;
    this.exited = process.exited;
  }

  /**
   * Connects to a worker that has announced itself.
   * @param by what placed it, for messages
   * @param connectMs time that it has to accept a connection
   * @throws UsageError, WorkerError when it cannot be reached, like `shakeHands`
   */
  static async reach(
    process: PlacedProcess,
    said: Announcement,
    by: string,
    connectMs = CONNECT_MS,
  ): Promise<PlacedWorker> {
    const { publicKey, secretKey } = ownKeys();
    const keys = { serverKey: toZ85(Buffer.from(said.key, 'hex')), publicKey, secretKey };
    for (const address of [said.work, said.control]) await shakeHands(address, keys, connectMs);
    return new PlacedWorker(process, said, { keys, client: randomBytes(8).toString('hex') }, by);
  }

  stop(graceMs: number): Promise<void> {
    return this.#process.stop(graceMs);
  }
}

/** Waits for a worker's place. @throws InterruptedError after an abort */
export async function untilPlaced<T>(placed: Promise<T>, signal?: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new InterruptedError('interrupted while a worker waited for its place'));
  });
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([placed, aborted]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Begins what Python prints of an error. */
export const TRACEBACK = /^Traceback /m;

/** Returns the error of a process that ended too early. @param what such as "the pool on Ray" */
export function endedFirst(what: string, { code, signal, output }: WorkerExit): WorkerError {
  const last = output.trimEnd().split('\n').at(-1);
  const said = last ? `; it said: ${last}` : '';
  const options = { traceback: TRACEBACK.test(output) ? output : undefined };
  if (code === null && signal === null) return new WorkerError(`${what} cannot be started${said}`, options);
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  return new WorkerError(`${what} ${how} before a worker listened${said}`, options);
}
