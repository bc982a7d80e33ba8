import { Dealer } from 'zeromq';
import { LIMITS } from './protocol';

/**
 * One long-lived ZeroMQ socket with one writer and one reader: zeromq.js refuses concurrent sends (EBUSY), so sends wait
 * in a queue here, and `for await` reads alone.
 */
export class Channel {
  readonly #socket: Dealer;
  readonly #queue: Uint8Array[][] = [];
  #writing = false;
  #closed = false;

  /** Connect to an address; it need not be bound yet. `onMessage` gets the frames of each message, in order. */
  constructor(address: string, onMessage: (frames: Uint8Array[]) => void, onError: (error: unknown) => void) {
    this.#socket = new Dealer({
      linger: 0,
      maxMessageSize: LIMITS.frameBytes,
      reconnectInterval: 10,
      sendHighWaterMark: 0,
    });
    this.#socket.connect(address);
    this.#read(onMessage).catch(onError);
  }

  /** Send a message after those before it. */
  send(frames: Uint8Array[], onError: (error: unknown) => void): void {
    this.#queue.push(frames);
    if (!this.#writing) this.#write().catch(onError);
  }

  /** Close the socket; what has not left by now never does. */
  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  async #write(): Promise<void> {
    this.#writing = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined && !this.#closed; next = this.#queue.shift()) {
        await this.#socket.send(next);
      }
    } finally {
      this.#writing = false;
    }
  }

  async #read(onMessage: (frames: Uint8Array[]) => void): Promise<void> {
    for await (const frames of this.#socket) onMessage(frames);
  }
}
