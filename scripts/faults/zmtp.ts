import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * The start of a ZeroMQ connection without security, byte by byte (ZMTP 3.0), for messages that no ZeroMQ library would
 * send.
 */
const GREETING = Buffer.concat([
  Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]),
  Buffer.from('NULL'.padEnd(20, '\0')),
  Buffer.alloc(32),
]);
const GREETED_DEALER = Buffer.concat([GREETING, command('READY', [['Socket-Type', 'DEALER']])]);
/** First bytes that a router sends. */
export const GREETED_ROUTER = Buffer.concat([GREETING, command('READY', [['Socket-Type', 'ROUTER']])]);

function command(name: string, properties: readonly (readonly [string, string])[]): Buffer {
  const text = properties.flatMap(([key, value]) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    return [Buffer.from([key.length]), Buffer.from(key), length, Buffer.from(value)];
  });
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name), ...text]);
  return Buffer.concat([Buffer.from([4, body.length]), body]);
}

/** Returns the header of a frame of `bytes` bytes. */
export function frameOf(bytes: bigint): Buffer {
  const header = Buffer.alloc(9);
  header[0] = 2; // flags: a long frame, the last of its message
  header.writeBigUInt64BE(bytes, 1);
  return header;
}

/**
 * Connects to an `ipc://` address, shakes hands and sends these bytes. Resolves when the other side has closed the
 * connection, or closes it itself when `hold` resolves.
 */
export async function sendRaw(address: string, bytes: Buffer, hold: Promise<unknown>): Promise<void> {
  const socket = connect(address.replace(/^ipc:\/\//, ''));
  socket.on('error', () => {}); // the other side may hang up while we write
  socket.resume();
  const closed = once(socket, 'close');
  socket.write(Buffer.concat([GREETED_DEALER, bytes]));
  await Promise.race([closed, hold]);
  socket.destroy();
  await closed;
}
