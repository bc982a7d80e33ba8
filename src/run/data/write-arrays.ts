import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ConfigInput } from '../../config/schema';
import { UsageError } from '../../errors';
import { encodeNpy, type Numbers } from '../../store/disk/npy';

/** Samples of a split, and what is to be learnt of each. */
export interface Arrays {
  /** The samples one after the other, row-major: bytes are pixels of images, from 0 to 255. */
  readonly inputs: Numbers;
  /** Shape of one sample: [channels, height, width] of an image, or [features]. */
  readonly shape: readonly number[];
  /** A class of each sample, as an integer; a number to be predicted; or a 0 or 1 for each of its labels. */
  readonly targets: Int32Array | Uint8Array | Float32Array | Float64Array;
}

/** Options of the data set `arrays` (docs/data.md). */
export interface ArraysOptions {
  /** Names of the classes that integer targets count, from 0. */
  readonly classes?: readonly string[];
  /** Names of labels: targets are [samples, labels], row-major, of 0 and 1. */
  readonly labels?: readonly string[];
  readonly normalise?:
    | 'data'
    | 'imagenet'
    | 'none'
    | { readonly mean: readonly number[]; readonly std: readonly number[] };
  readonly augment?: 'none' | 'flip' | 'crop-flip';
  /** Names of a table's columns. */
  readonly columns?: readonly string[];
}

/**
 * Writes samples to a folder as files of NumPy's, which the data set `arrays` reads, and returns the `dataset` of a
 * configuration for them. Without validation or test samples, shares of the training samples are taken.
 * @throws UsageError when the arrays' lengths do not fit each other
 */
export async function writeArrays(
  directory: string,
  splits: { readonly train: Arrays; readonly validation?: Arrays; readonly test?: Arrays },
  options: ArraysOptions = {},
): Promise<NonNullable<ConfigInput['dataset']>> {
  const { train, validation, test } = splits;
  const files = Object.entries({ train, validation, test }).flatMap(([name, split]) =>
    split === undefined ? [] : encoded(name, split, options.labels?.length ?? 1),
  );
  await mkdir(directory, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(directory, name), bytes);
  return { name: 'arrays', dir: resolve(directory), args: { ...options } };
}

function encoded(split: string, { inputs, shape, targets }: Arrays, perSample: number): [string, Uint8Array][] {
  const each = shape.reduce((product, size) => product * size, 1);
  const samples = targets.length / perSample;
  if (targets.length === 0 || each * samples !== inputs.length) {
    throw new UsageError(
      `${split}: ${targets.length} targets and samples of [${shape.join(', ')}] need ${each * samples} numbers, got ${inputs.length}`,
    );
  }
  return [
    [`${split}-inputs.npy`, encodeNpy(inputs, [samples, ...shape])],
    [`${split}-targets.npy`, encodeNpy(targets, perSample > 1 ? [samples, perSample] : [samples])],
  ];
}
