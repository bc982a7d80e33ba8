import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outputs } from '../ensemble/combine';
import { decisionsOf } from '../ensemble/decisions';
import { DataError } from '../errors';
import { decodeNpy, type Npy } from './disk/npy';

/** Splits whose outputs a run directory keeps. */
export const KEPT_SPLITS = ['validation', 'test'] as const;
export type KeptSplit = (typeof KEPT_SPLITS)[number];

/** Outputs of networks on a split, with the targets. */
export interface KeptOutputs {
  /** Class, or number to be predicted, of each sample; of labels, each decision that is right. */
  readonly targets: Float32Array;
  /** Outputs [samples, columns] by network, row-major: softmax outputs, predicted numbers, or the decisions of labels. */
  readonly outputs: ReadonlyMap<string, Outputs>;
  readonly columns: number;
  /** Number of rows, with a target each, of one sample: 1, or of labels their number. */
  readonly perSample: number;
}

/** Name of the file that holds a split's targets, beside the networks' outputs. */
export const TARGETS = 'targets';

/** Returns the path within a run directory of a network's outputs, or by default of a split's targets. */
export function outputsFile(split: KeptSplit, network = TARGETS): string {
  return `outputs/${split}/${network}.npy`;
}

/**
 * Reads the outputs of a run's networks. Targets of several columns are labels: their outputs become decisions. Returns null
 * if the run kept no outputs of the split.
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
  const labels = targets.columns;
  const samples = targets.values.length / labels;
  const outputs = new Map<string, Outputs>();
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
    outputs.set(network, labels > 1 ? decisionsOf(read.values) : read.values);
  }
  const perRow = labels > 1 ? 2 : ([...columns][0] ?? 1);
  return { targets: targets.values, outputs, columns: perRow, perSample: labels };
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
