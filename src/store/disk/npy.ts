import { endianness } from 'node:os';
import { DataError } from '../../errors';

/** Numbers of a type that a .npy file can hold. */
export type Numbers = Float32Array | Float64Array | Uint8Array | Int32Array;

export interface Npy {
  readonly values: Float32Array;
  /** 1 for a one-dimensional array. */
  readonly columns: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]; // \x93NUMPY, version 1.0
const PREAMBLE = MAGIC.length + 2;
const ALIGNMENT = 64;
const BYTES = 4;
const HEADER = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+),(?: (\d+))?\), \} *\n$/;

/** Encodes an array of a shape as a .npy file (version 1.0, little-endian, row-major, no pickle). */
export function encodeNpy(values: Numbers, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${typeOf(values)}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = Math.ceil((PREAMBLE + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + values.byteLength);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint16(MAGIC.length, start - PREAMBLE, true);
  bytes.set(Buffer.from(`${dictionary.padEnd(start - PREAMBLE - 1)}\n`, 'latin1'), PREAMBLE);
  bytes.set(littleEndian(values), start);
  return bytes;
}

function typeOf(values: Numbers): string {
  if (values instanceof Float32Array) return '<f4';
  if (values instanceof Float64Array) return '<f8';
  return values instanceof Int32Array ? '<i4' : '|u1';
}

function littleEndian(values: Numbers): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  if (endianness() === 'LE' || values.BYTES_PER_ELEMENT === 1) return bytes;
  const copy = Buffer.from(bytes);
  return values.BYTES_PER_ELEMENT === 8 ? copy.swap64() : copy.swap32();
}

/**
 * Decodes a .npy file of float32 numbers in one or two dimensions.
 * @throws DataError if the bytes are anything else
 */
export function decodeNpy(bytes: Uint8Array): Npy {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PREAMBLE || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new DataError('not a .npy file of version 1.0');
  }
  const start = PREAMBLE + view.getUint16(MAGIC.length, true);
  const header = Buffer.from(bytes.subarray(PREAMBLE, start)).toString('latin1');
  const [, rows, columns] = HEADER.exec(header) ?? [];
  if (rows === undefined) throw new DataError(`not a little-endian float32 array: '${header.slice(0, 100).trimEnd()}'`);
  const length = Number(rows) * Number(columns ?? 1);
  if (bytes.length !== start + BYTES * length) {
    throw new DataError(`its header declares ${length} values, but ${bytes.length - start} bytes follow`);
  }
  const values = Float32Array.from({ length }, (_, i) => view.getFloat32(start + BYTES * i, true));
  return { values, columns: Number(columns ?? 1) };
}
