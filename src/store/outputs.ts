import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../errors';

/** Splits whose outputs a run directory keeps. */
export const KEPT_SPLITS = ['validation', 'test'] as const;
export type KeptSplit = (typeof KEPT_SPLITS)[number];

/** Outputs of networks on a split, with the targets. */
export interface KeptOutputs {
  /** Class, or number to be predicted, of each sample. */
  readonly targets: Float32Array;
  /** Outputs [samples, columns] by network, row-major: softmax outputs, or predicted numbers. */
  readonly outputs: ReadonlyMap<string, Float32Array>;
  readonly columns: number;
}

/** Name of the file that holds a split's targets, beside the networks' outputs. */
export const TARGETS = 'targets';

/** Returns the path within a run directory of a network's outputs, or by default of a split's targets. */
export function outputsFile(split: KeptSplit, network = TARGETS): string {
  return `outputs/${split}/${network}.npy`;
}

/**
 * Reads the outputs of a run's networks. Returns null if the run kept no outputs of the split.
 * @throws DataError if a file is missing or damaged, or if the files do not match each other
 */
export async function readOutputs(
  runDirectory: string,
  split: KeptSplit,
  networks: readonly string[],
): Promise<KeptOutputs | null> {
  const files = [TARGETS, ...networks].map((name) => join(runDirectory, outputsFile(split, name)));
  if (!files.some((file) => existsSync(file))) return null;
  const targets = await readNpy(join(runDirectory, outputsFile(split)));
  const samples = targets.values.length;
  const outputs = new Map<string, Float32Array>();
  const columns = new Set<number>();
  for (const network of networks) {
    const path = join(runDirectory, outputsFile(split, network));
    const read = await readNpy(path);
    columns.add(read.columns);
    if (columns.size > 1 || read.values.length !== samples * read.columns) {
      throw new DataError(
        `${path} holds ${read.values.length / read.columns} rows of ${read.columns}: not those of the run`,
      );
    }
    outputs.set(network, read.values);
  }
  return { targets: targets.values, outputs, columns: [...columns][0] ?? 1 };
}

async function readNpy(path: string): Promise<Npy> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new DataError(`cannot read the outputs ${path}`, { cause });
  }
  try {
    return decodeNpy(bytes);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(`${path}: ${cause.message}`, { cause });
  }
}

interface Npy {
  readonly values: Float32Array;
  /** 1 for a one-dimensional array. */
  readonly columns: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]; // \x93NUMPY, version 1.0
const PREAMBLE = MAGIC.length + 2;
const ALIGNMENT = 64;
const BYTES = 4;
const HEADER = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+),(?: (\d+))?\), \} *\n$/;

/**
 * Encodes an array as a .npy file (version 1.0, little-endian float32, no pickle): of shape [values] without `columns`,
 * else [values / columns, columns].
 */
export function encodeNpy(values: Float32Array, columns?: number): Uint8Array {
  const shape = columns === undefined ? `(${values.length},)` : `(${values.length / columns}, ${columns})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const start = Math.ceil((PREAMBLE + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + BYTES * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(MAGIC.length, start - PREAMBLE, true);
  bytes.set(Buffer.from(`${dictionary.padEnd(start - PREAMBLE - 1)}\n`, 'latin1'), PREAMBLE);
  for (const [i, value] of values.entries()) view.setFloat32(start + BYTES * i, value, true);
  return bytes;
}

/**
 * Decodes a .npy file of the kind that `encodeNpy` writes.
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
