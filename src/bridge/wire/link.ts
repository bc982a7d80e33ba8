import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { ConfigError, DataError, InterruptedError, OutOfMemoryError, ProtocolError, WorkerError } from '../../errors';
import type { RemoteAccess } from '../workers/launcher';
import { Channel } from './channel';
import { decodeAnswer, decodeHeader, encodeRequest } from './codec';
import { LIMITS } from './operation';
import { type Answer, type Args, CONTROL, type Op } from './protocol';
import { REMEDIES } from './remedies';
import type { ReplyHeader, replyError } from './reply';

/** Most bytes of requests on the wire at a time; a single request may have more. */
const BYTES_ON_WIRE = 2 ** 28;

interface Waiting {
  readonly op: Op;
  readonly onReply: (header: ReplyHeader, frames: readonly Uint8Array[]) => void;
  readonly reject: (error: Error) => void;
}

interface Unsent {
  readonly send: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends requests and receives answers over the two sockets of one worker. Answers are matched by request id; at most
 * `window` work requests are on the wire, the others wait here.
 */
export class Link {
  /** The worker's incarnation, once known; messages of any other incarnation are dropped. */
  worker: string | undefined;
  readonly #window: number;
  readonly #sender = randomBytes(8).toString('hex');
  readonly #work: Channel;
  readonly #control: Channel;
  readonly #sent = new Map<number, Waiting & { readonly bytes: number }>();
  readonly #unsent: Unsent[] = [];
  #workOnWire = 0;
  #bytesOnWire = 0;
  readonly #maxBytesOnWire: number;
  #lastId = 0;
  #end: Error | undefined;

  /**
   * @param remote access to a worker on TCP
   * @param bytesOnWire most bytes of requests on the wire at a time
   * @throws ConfigError when the window exceeds the protocol's limits
   */
  constructor(
    work: string,
    control: string,
    window: number,
    remote?: RemoteAccess,
    bytesOnWire: number = BYTES_ON_WIRE,
  ) {
    checkWindow(window);
    this.#window = window;
    this.#maxBytesOnWire = bytesOnWire;
    const onMessage = (frames: Uint8Array[]) => this.#receive(frames);
    const channel = (address: string, onBroken: () => void) => {
      const connection = remote && { keys: remote.keys, identity: `${remote.client}.${this.#sender}`, onBroken };
      return new Channel(address, onMessage, this.fail, connection);
    };
    this.#work = channel(work, () => this.#failPending(work));
    this.#control = channel(control, () => {}); // the next beat is sent anyway
  }

  /** Operations of the unanswered work requests on the wire, oldest first. */
  get pending(): Op[] {
    return [...this.#sent.values()].map(({ op }) => op).filter((op) => !isControl(op));
  }

  /** The error that ended the link; undefined while it works. */
  get failure(): Error | undefined {
    return this.#end;
  }

  request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    return new Promise((resolve, reject) => {
      const onReply: Waiting['onReply'] = (header, frames) => {
        try {
          if (header.status === 'error') throw workerError(header.error);
          resolve(decodeAnswer(op, header, frames));
        } catch (error) {
          reject(error);
        }
      };
      const send = () => this.#send(op, args, { op, onReply, reject });
      if (isControl(op) || this.#end || (this.#hasRoom && this.#unsent.length === 0)) send();
      else this.#unsent.push({ send, reject });
    });
  }

  /** Rejects every work request and cancels those on the wire. Resolves when the worker knows, or is gone. */
  async cancelAll(): Promise<void> {
    const interrupted = new InterruptedError('the run was interrupted');
    for (const { reject } of this.#unsent.splice(0)) reject(interrupted);
    const ids = [...this.#sent].filter(([, { op }]) => !isControl(op)).map(([id]) => id);
    for (const id of ids) this.#settle(id)?.reject(interrupted);
    if (ids.length > 0) await this.request('cancel', { ids }).catch(() => {}); // a lost worker needs no cancel
  }

  /** Rejects every pending and every later request with this error. Only the first call has an effect. */
  readonly fail = (error: unknown): void => {
    this.#end ??= error instanceof Error ? error : new WorkerError(String(error));
    const waiting = [...this.#sent.values(), ...this.#unsent.splice(0)];
    this.#sent.clear();
    for (const { reject } of waiting) reject(this.#end);
  };

  close(): void {
    this.fail(new WorkerError('the worker was closed'));
    this.#work.close();
    this.#control.close();
  }

  /** Fails the link if requests were pending: it is unknown which messages the broken connection lost. */
  #failPending(address: string): void {
    const [during] = this.pending;
    if (during === undefined) return;
    this.fail(new WorkerError(`the connection to the worker at ${address} broke while it served '${during}'`));
  }

  #send<O extends Op>(op: O, args: Args<O>, waiting: Waiting): void {
    if (this.#end) {
      waiting.reject(this.#end);
      return;
    }
    this.#lastId += 1;
    try {
      const frames = encodeRequest(this.#lastId, this.#sender, op, args);
      const bytes = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
      this.#sent.set(this.#lastId, { ...waiting, bytes });
      if (!isControl(op)) {
        this.#workOnWire += 1;
        this.#bytesOnWire += bytes;
      }
      (isControl(op) ? this.#control : this.#work).send(frames, this.fail);
    } catch (error) {
      waiting.reject(error instanceof Error ? error : new ProtocolError(String(error)));
    }
  }

  #receive(frames: readonly Uint8Array[]): void {
    try {
      const header = decodeHeader(frames);
      if (this.worker !== undefined && header.sender !== this.worker) return; // late, from another incarnation
      if (header.status === 'error') this.#mustBeOfOneRequest(header.id, header.error);
      this.#settle(header.id)?.onReply(header, frames);
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Checks that an error concerns one request only.
   * @throws the error that ends the link: a request was unreadable, or the worker cancelled one without being asked to,
   *   as it does when it leaves (SIGTERM)
   */
  #mustBeOfOneRequest(id: number, error: z.infer<typeof replyError>): void {
    if (id === 0) throw workerError(error);
    const waiting = this.#sent.get(id); // a request that this side cancelled waits no more
    if (error.code === 'cancelled' && waiting !== undefined) {
      throw new WorkerError(`the worker was told to end (SIGTERM) while it served '${waiting.op}'`);
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#sent.get(id);
    if (waiting === undefined) return undefined; // cancelled meanwhile
    this.#sent.delete(id);
    if (!isControl(waiting.op)) {
      this.#workOnWire -= 1;
      this.#bytesOnWire -= waiting.bytes;
      while (this.#hasRoom && this.#unsent.length > 0) this.#unsent.shift()?.send();
    }
    return waiting;
  }

  get #hasRoom(): boolean {
    if (this.#workOnWire === 0) return true;
    return this.#workOnWire < this.#window && this.#bytesOnWire < this.#maxBytesOnWire;
  }
}

/** Checks a number of requests on the wire. @throws ConfigError when it is not within the protocol's limits */
export function checkWindow(window: number): void {
  if (Number.isInteger(window) && window >= 1 && window <= LIMITS.window) return;
  throw new ConfigError(`window must be 1 to ${LIMITS.window} requests on the wire, got ${window}`);
}

function isControl(op: Op): op is keyof typeof CONTROL {
  return op in CONTROL;
}

/** Converts an error that Python reports into the matching class of `errors.ts`, with its remedy in the message. */
export function workerError({ code, message: said, traceback }: z.infer<typeof replyError>): Error {
  const options = { traceback: traceback ?? undefined };
  const remedy = REMEDIES[code];
  const message = remedy === undefined ? said : `${said}: ${remedy}`;
  if (code === 'config' || code === 'chunks') return new ConfigError(message, options);
  if (code === 'data' || code === 'package') return new DataError(message, options);
  if (code === 'protocol') return new ProtocolError(message, options);
  if (code === 'memory') return new OutOfMemoryError(message, options);
  return new WorkerError(message, options);
}
