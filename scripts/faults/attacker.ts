import { Dealer } from 'zeromq';
import { decodeHeader, encodeRequest } from '../../src/bridge/wire/codec';
import { PROTOCOL_VERSION } from '../../src/bridge/wire/protocol';
import type { Frames } from './hostile';

const WINDOW = 32; // well within the protocol's window, so that no answer is lost

/** A client of one socket that sends anything. Every message must get one answer, which must be valid. */
export class Attacker {
  sent = 0;
  answered = 0;
  /** Messages of errors that the worker did not foresee, and answers that break the protocol. */
  readonly unforeseen: string[] = [];
  readonly #socket: Dealer;
  readonly #reading: Promise<void>;
  #wake: () => void = () => {};
  #isGone = false;

  constructor(address: string) {
    this.#socket = new Dealer({ linger: 0 });
    this.#socket.connect(address);
    this.#reading = this.#read();
  }

  /** Sends hello, as a correct client does. */
  async greet(): Promise<void> {
    await this.send(encodeRequest(1, 'attacker', 'hello', { protocol: PROTOCOL_VERSION }));
  }

  /** Sends a message as soon as fewer than a window are unanswered. */
  async send(frames: Frames): Promise<void> {
    if (frames.length === 0) return; // ZeroMQ has no message without a frame
    await this.#until(() => this.sent - this.answered < WINDOW);
    this.sent += 1;
    await this.#socket.send(frames.map((frame) => Buffer.from(frame)));
  }

  /** Resolves when every message has got its answer. */
  async settled(): Promise<void> {
    await this.#until(() => this.answered >= this.sent);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.#reading;
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#isGone) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #read(): Promise<void> {
    for await (const frames of this.#socket) {
      this.answered += 1;
      this.#note(frames);
      this.#wake();
    }
    this.#isGone = true;
    this.#wake();
  }

  #note(frames: Frames): void {
    try {
      const header = decodeHeader(frames);
      if (header.status === 'error' && header.error.code === 'worker') {
        this.unforeseen.push(`${header.error.message}\n${header.error.traceback}`);
      }
    } catch (error) {
      this.unforeseen.push(`an answer that cannot be read: ${String(error)}`);
    }
  }
}
