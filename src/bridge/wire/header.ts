import { isUtf8 } from 'node:buffer';
import { ProtocolError } from '../../errors';
import { LIMITS } from './operation';

/**
 * Largest number of values in a header; a list of a thousand zoo networks has 15,000. The limit is needed because the
 * schemas note every wrong value, at a kilobyte each.
 */
const MAX_VALUES = 2 ** 16;

/** Meaning of a msgpack type byte: what follows, and its length, or the number of bytes that state the length. */
interface Kind {
  readonly holds: 'bytes' | 'text' | 'values' | 'pairs';
  readonly length: number;
  readonly lengthBytes: number;
}

/** Kind of each type byte; undefined for types that no header contains: raw bytes, extensions. */
const KINDS: readonly (Kind | undefined)[] = Array.from({ length: 256 }, (_, type) => kindOf(type));

/**
 * Validates a msgpack header before it is decoded: a decoder allocates an array as soon as its length is claimed, so
 * that a megabyte of nested claims would take terabytes.
 * @throws ProtocolError when the header claims more values than its bytes can hold, has too many or too deeply nested
 *   values, a string that is not UTF-8, or a type that no header contains
 */
export function checkHeader(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open: number[] = []; // values still to come in each open container
  let owed = 1; // values still to come in all open containers; each takes at least a byte
  let values = 1;
  let at = 0;
  while (owed > 0) {
    if (owed > bytes.byteLength - at) throw new ProtocolError('a header that claims more than it holds');
    const kind = KINDS[bytes[at]];
    if (kind === undefined) throw new ProtocolError(`a header with a value of msgpack type ${bytes[at]}`);
    const { holds } = kind;
    const length = lengthAt(view, at + 1, kind);
    at += 1 + kind.lengthBytes;
    owed -= 1;
    if (open.length > 0) open[open.length - 1] -= 1;
    if (holds === 'values' || holds === 'pairs') {
      open.push(length);
      owed += length;
      values += length;
    } else {
      if (holds === 'text') checkText(bytes, at, length);
      at += length;
    }
    if (values > MAX_VALUES) throw new ProtocolError(`a header must have at most ${MAX_VALUES} values`);
    if (open.length > LIMITS.headerDepth) {
      throw new ProtocolError(`a header must have at most ${LIMITS.headerDepth} containers within each other`);
    }
    while (open[open.length - 1] === 0) open.pop();
  }
  if (at !== bytes.byteLength) throw new ProtocolError(`a header of ${at} bytes in a frame of ${bytes.byteLength}`);
}

function lengthAt(view: DataView, at: number, { holds, length, lengthBytes }: Kind): number {
  if (lengthBytes === 0) return length;
  if (at + lengthBytes > view.byteLength) throw new ProtocolError('a header that ends within a length');
  const stated = lengthBytes === 1 ? view.getUint8(at) : lengthBytes === 2 ? view.getUint16(at) : view.getUint32(at);
  return holds === 'pairs' ? 2 * stated : stated;
}

function checkText(bytes: Uint8Array, start: number, length: number): void {
  const end = Math.min(start + length, bytes.byteLength);
  for (let at = start; at < end; at += 1) {
    if (bytes[at] <= 0x7f) continue;
    if (isUtf8(bytes.subarray(at, end))) return;
    throw new ProtocolError('a header with a string that is no UTF-8');
  }
}

function kindOf(type: number): Kind | undefined {
  const fixed = (holds: Kind['holds'], length: number): Kind => ({ holds, length, lengthBytes: 0 });
  const stated = (holds: Kind['holds'], lengthBytes: number): Kind => ({ holds, length: 0, lengthBytes });
  if (type < 0x80 || type >= 0xe0) return fixed('bytes', 0); // small integers
  if (type < 0x90) return fixed('pairs', 2 * (type & 0x0f));
  if (type < 0xa0) return fixed('values', type & 0x0f);
  if (type < 0xc0) return fixed('text', type & 0x1f);
  if (type === 0xc0 || type === 0xc2 || type === 0xc3) return fixed('bytes', 0); // nil, false, true
  if (type === 0xca || type === 0xcb) return fixed('bytes', type === 0xca ? 4 : 8); // floats
  if (type >= 0xcc && type <= 0xd3) return fixed('bytes', 2 ** (type & 3)); // integers, unsigned and signed
  if (type >= 0xd9 && type <= 0xdb) return stated('text', 2 ** (type - 0xd9));
  if (type === 0xdc || type === 0xdd) return stated('values', type === 0xdc ? 2 : 4);
  if (type === 0xde || type === 0xdf) return stated('pairs', type === 0xde ? 2 : 4);
  return undefined;
}
