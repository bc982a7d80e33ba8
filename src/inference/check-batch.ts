import { DataError } from '../errors';
import type { Samples } from '../store/samples';

/** Raw samples as an exported ensemble takes them. */
export type Batch = Float32Array | Float64Array | Uint8Array;

/**
 * Checks that a batch holds raw samples of the run's kind, by the rules of `python/dsptt/checking.py`.
 * @returns number of samples
 * @throws DataError when it is no typed array of whole samples, a number is not finite, or pixels are of another scale
 */
export function checkBatch(batch: unknown, { shape, white }: Pick<Samples, 'shape' | 'white'>): number {
  if (!(batch instanceof Float32Array || batch instanceof Float64Array || batch instanceof Uint8Array)) {
    throw new DataError(
      `a batch must be a Float32Array, Float64Array or Uint8Array, got ${Object.prototype.toString.call(batch).slice(8, -1)}`,
    );
  }
  const each = shape.reduce((product, size) => product * size, 1);
  const samples = batch.length / each;
  if (!Number.isInteger(samples) || samples === 0) {
    throw new DataError(
      `a batch must hold whole samples of [${shape.join(', ')}], ${each} numbers each; got ${batch.length} numbers`,
    );
  }
  const wrong = batch.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (wrong >= 0) {
    const [sample, place] = [Math.floor(wrong / each), wrong % each];
    throw new DataError(
      `the batch, sample ${sample} (from 0), holds ${batch[wrong]} at place ${place} of ${each}, which is no finite 32-bit number`,
    );
  }
  if (white !== null) checkScale(batch, white);
  return samples;
}

function checkScale(pixels: Batch, white: number): void {
  let [least, most, isWhole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (const value of pixels) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    isWhole = isWhole && Number.isInteger(value);
  }
  const said = `the batch holds pixels from ${least} to ${most}`;
  if (least < 0 || most > white) throw new DataError(`${said}, but those of this run's data are from 0 to ${white}`);
  // Whole numbers up to 1 may be pictures that are so dark; fractions alone show another scale
  if (most <= 1 && white > 1 && !isWhole) {
    throw new DataError(`${said}, but white is ${white} in this run's data: multiply them by ${white}`);
  }
}
