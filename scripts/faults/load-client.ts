import { Dealer } from 'zeromq';
import { decodeAnswer, decodeHeader, encodeRequest } from '../../src/bridge/wire/codec';
import { Link, workerError } from '../../src/bridge/wire/link';
import { LIMITS } from '../../src/bridge/wire/operation';
import { type Args, PROTOCOL_VERSION } from '../../src/bridge/wire/protocol';
import { ProtocolError } from '../../src/errors';

/** A client that asks a worker for small things whose answers are unlike any other's. */
export interface LoadClient {
  /** Asks under this name; resolves to true if the answer was the one to that name. */
  ask(name: string): Promise<boolean>;
  /** Number of answers that came a second time, or matched no request. */
  readonly surplus: number;
  close(): void;
}

const metadataOf = (name: string): Args<'savePoint'> => ({ point: 'a', metadata: { name } });

function isOwn(file: Uint8Array, name: string): boolean {
  return Buffer.from(file).includes(`\\"name\\": \\"${name}\\"`); // JSON within the JSON of a safetensors header
}

/** A client that uses a run's own `Link`. */
export class LinkClient implements LoadClient {
  readonly surplus = 0; // a link drops them: only `RawClient` counts
  readonly #link: Link;

  private constructor(link: Link) {
    this.#link = link;
  }

  static async connect(work: string, control: string): Promise<LinkClient> {
    const link = new Link(work, control, LIMITS.window);
    await link.request('hello', { protocol: PROTOCOL_VERSION });
    return new LinkClient(link);
  }

  async ask(name: string): Promise<boolean> {
    if (!asksForError(name)) return isOwn((await this.#link.request('savePoint', metadataOf(name))).file, name);
    try {
      await this.#link.request('copyPoint', { point: 'b', source: name });
      return false;
    } catch (error) {
      return isOwnError(error, name);
    }
  }

  close(): void {
    this.#link.close();
  }
}

/** True for every fifth request, which is answered by an error. */
function asksForError(name: string): boolean {
  return name.endsWith('0') || name.endsWith('5');
}

function isOwnError(error: unknown, name: string): boolean {
  return error instanceof ProtocolError && error.message.startsWith(`no point '${name}';`);
}

interface Waiting {
  readonly name: string;
  readonly resolve: (isOwn: boolean) => void;
}

/** A client that sees every answer, also a second one. */
export class RawClient implements LoadClient {
  surplus = 0;
  readonly #socket = new Dealer({ linger: 0 });
  readonly #waiting = new Map<number, Waiting>();
  readonly #unsent: Waiting[] = [];
  #lastId = 1;
  #isSending = false;

  static async connect(work: string): Promise<RawClient> {
    const client = new RawClient();
    client.#socket.connect(work);
    await client.#socket.send(encodeRequest(1, 'raw', 'hello', { protocol: PROTOCOL_VERSION }));
    await client.#socket.receive();
    void client.#read();
    return client;
  }

  ask(name: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#unsent.push({ name, resolve });
      void this.#send();
    });
  }

  close(): void {
    this.#socket.close();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.size < LIMITS.window && this.#unsent.length > 0) {
      const [next] = this.#unsent.splice(0, 1);
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, next);
      await this.#socket.send(
        asksForError(next.name)
          ? encodeRequest(this.#lastId, 'raw', 'copyPoint', { point: 'b', source: next.name })
          : encodeRequest(this.#lastId, 'raw', 'savePoint', metadataOf(next.name)),
      );
    }
    this.#isSending = false;
  }

  async #read(): Promise<void> {
    for await (const frames of this.#socket) {
      const header = decodeHeader(frames);
      const waiting = this.#waiting.get(header.id);
      this.#waiting.delete(header.id);
      if (waiting === undefined) this.surplus += 1;
      else if (header.status === 'error') waiting.resolve(isOwnError(workerError(header.error), waiting.name));
      else waiting.resolve(isOwn(decodeAnswer('savePoint', header, frames).file, waiting.name));
      void this.#send();
    }
  }
}
