import { Dealer, type Observer } from 'zeromq';
import type { CurveKeys } from './key-files';
import { monitored } from './monitored-socket';
import { LIMITS } from './operation';

/** Options of a connection to another machine. */
export interface RemoteConnection {
  readonly keys: CurveKeys;
  /** Name by which the worker recognises the socket, also after a reconnection. */
  readonly identity: string;
  /** Called when the connection breaks. ZeroMQ reconnects, but messages in transit are lost. */
  readonly onBroken: () => void;
}

const HEARTBEAT_MS = 5000;
const SILENCE_MS = 20_000; // less than the 30 s without a beat after which a worker counts as lost

/**
 * One long-lived ZeroMQ socket with one writer and one reader: zeromq.js refuses concurrent sends (EBUSY), so messages
 * wait in a queue, and a single `for await` loop reads.
 */
export class Channel {
  readonly #socket: Dealer;
  readonly #queue: Uint8Array[][] = [];
  #writing = false;
  #closed = false;

  /** Connects to an address, which need not be bound yet. `onMessage` gets the frames of each message, in order. */
  constructor(
    address: string,
    onMessage: (frames: Uint8Array[]) => void,
    onError: (error: unknown) => void,
    remote?: RemoteConnection,
  ) {
    const options = {
      linger: 0,
      maxMessageSize: LIMITS.frameBytes,
      receiveHighWaterMark: LIMITS.window, // further answers wait at the worker
      reconnectInterval: 10,
      sendHighWaterMark: LIMITS.window, // further messages wait in the queue, which the link keeps short
    };
    if (remote === undefined) this.#socket = new Dealer(options);
    else {
      const { socket, events } = monitored({ ...options, ...remoteOptions(remote) });
      this.#socket = socket;
      this.#watch(events, remote.onBroken).catch(onError);
    }
    this.#socket.connect(address);
    this.#read(onMessage).catch(onError);
  }

  /** Sends a message after all earlier ones. `onError` is called when the socket refuses it. */
  send(frames: Uint8Array[], onError: (error: unknown) => void): void {
    this.#queue.push(frames);
    if (!this.#writing) this.#write().catch(onError);
  }

  /** Closes the socket and drops all unsent messages. */
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

  async #watch(events: Observer, onBroken: () => void): Promise<void> {
    for await (const { type } of events) if (type === 'disconnect') onBroken();
  }
}

function remoteOptions({ keys, identity }: RemoteConnection) {
  return {
    curveServerKey: keys.serverKey,
    curvePublicKey: keys.publicKey,
    curveSecretKey: keys.secretKey,
    routingId: identity,
    reconnectInterval: 100,
    reconnectMaxInterval: 2000,
    heartbeatInterval: HEARTBEAT_MS,
    heartbeatTimeout: SILENCE_MS,
  };
}
