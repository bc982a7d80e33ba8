import { once } from 'node:events';
import net from 'node:net';
import { curveKeyPair } from 'zeromq';
import { encodeRequest } from '../../src/bridge/wire/codec';
import type { CurveKeys } from '../../src/bridge/wire/key-files';
import { type DealerOptions, monitored } from '../../src/bridge/wire/monitored-socket';
import { PROTOCOL_VERSION } from '../../src/bridge/wire/protocol';

/** What every stranger tries: to be greeted, and to end the worker. */
const REQUESTS = [
  encodeRequest(1, 'stranger', 'hello', { protocol: PROTOCOL_VERSION }),
  encodeRequest(2, 'stranger', 'beat', {}),
  encodeRequest(3, 'stranger', 'shutdown', {}),
];

/** Clients of ZeroMQ that must get nothing, each from what the right one has. */
export function dealers({ serverKey, publicKey }: CurveKeys): Readonly<Record<string, DealerOptions>> {
  const pair = curveKeyPair();
  const own = { curvePublicKey: pair.publicKey, curveSecretKey: pair.secretKey };
  return {
    'the right server key, but an unknown key of its own': { ...own, curveServerKey: serverKey },
    "a known client's public key, but not its secret half": {
      curvePublicKey: publicKey,
      curveSecretKey: pair.secretKey,
      curveServerKey: serverKey,
    },
    'a wrong server key': { ...own, curveServerKey: curveKeyPair().publicKey },
    'no key': {},
    'a password': { plainUsername: 'admin', plainPassword: 'admin' },
  };
}

/** A stranger that has been turned away once. Its messages wait for the day that it is let in. */
export interface Stranger {
  readonly wasLetIn: boolean;
  /** What has come back, by now. */
  received(): Promise<number>;
  close(): void;
}

/** Try as a client of ZeroMQ, until the handshake is over in one way or the other. */
export async function knock(address: string, options: DealerOptions): Promise<Stranger> {
  const { socket, events } = monitored({ linger: 0, receiveTimeout: 0, sendTimeout: 0, ...options });
  socket.connect(address);
  for (const request of REQUESTS) await socket.send(request).catch(() => {}); // turned away already: nowhere to send to
  for await (const { type } of events) {
    if (type !== 'handshake' && type !== 'disconnect' && !type.startsWith('handshake:error')) continue;
    const received = () =>
      socket.receive().then(
        (frames) => frames.length,
        () => 0,
      );
    return { wasLetIn: type === 'handshake', received, close: () => socket.close() };
  }
  throw new Error('the socket was closed');
}

const GREETING = Buffer.from('ff00000000000000017f', 'hex');
const mechanism = (name: string, version: number[] = [3, 0]) =>
  Buffer.concat([GREETING, Buffer.from(version), Buffer.from(name.padEnd(20, '\0')), Buffer.alloc(32)]);
const command = (name: string, body: Buffer) =>
  Buffer.concat([Buffer.from([4, name.length + 1 + body.length, name.length]), Buffer.from(name), body]);
/** A message as versions 2 and 3 of ZeroMQ's protocol frame it: flags, length, body. */
const frames = (message: readonly Uint8Array[]) =>
  Buffer.concat(message.map((body, k) => Buffer.concat([Buffer.from([+(k < message.length - 1), body.length]), body])));
/** And as version 1 does: length with the flags, flags, body. */
const oldFrames = (message: readonly Uint8Array[]) =>
  Buffer.concat(message.map((body) => Buffer.concat([Buffer.from([body.length + 1, 0]), body])));
const ready = command('READY', Buffer.from('\x0bSocket-Type\0\0\0\x06DEALER', 'latin1'));

/** Bytes that must get nothing, whoever sends them to the port. */
export const BYTES: Readonly<Record<string, Buffer>> = {
  'a request of HTTP': Buffer.from('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nshutdown\n'),
  zeros: Buffer.alloc(5000),
  'a version of the protocol from before there were keys': Buffer.concat([
    Buffer.from([1, 0]),
    ...REQUESTS.map(oldFrames),
  ]),
  'the version after that': Buffer.concat([GREETING, Buffer.from([1, 5, 0, 0]), ...REQUESTS.map(frames)]),
  'messages in the clear': Buffer.concat([mechanism('NULL'), ready, ...REQUESTS.map(frames)]),
  'a handshake of encryption, left out': Buffer.concat([mechanism('CURVE'), ready, ...REQUESTS.map(frames)]),
  'a first encrypted word that is noise': Buffer.concat([
    mechanism('CURVE'),
    command('HELLO', Buffer.alloc(194, 0x5a)),
    ...REQUESTS.map(frames),
  ]),
  'a frame of 2^60 bytes': Buffer.concat([mechanism('CURVE'), Buffer.from('06100000000000000000', 'hex')]),
};

/** A connection without ZeroMQ. */
export interface Wire {
  /** Resolves when the other side has hung up. */
  readonly closed: Promise<void>;
  /** What has come back, by now. */
  received(): Buffer;
  close(): void;
}

/** Write bytes to the port. */
export async function write(port: number, bytes: Buffer): Promise<Wire> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const back: Buffer[] = [];
  socket.on('data', (data) => back.push(data));
  socket.on('error', () => {}); // a reset, which is one way to hang up
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(bytes);
  return { closed, received: () => Buffer.concat(back), close: () => socket.destroy() };
}
