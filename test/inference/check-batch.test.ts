import { DataError } from '../../src/errors';
import { checkBatch } from '../../src/inference/check-batch';

const DIGITS = { shape: [1, 2, 2], white: 16 };
const TABLE = { shape: [3], white: null };

function refusal(batch: unknown, samples: { shape: number[]; white: number | null }): string {
  try {
    checkBatch(batch, samples);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('the batch was taken');
}

describe('a batch for an exported ensemble', () => {
  it.each([
    ['an array', [0, 1, 2, 3], 'a batch must be a Float32Array, Float64Array or Uint8Array, got Array'],
    ['whole numbers', new Int32Array(4), 'a batch must be a Float32Array, Float64Array or Uint8Array, got Int32Array'],
    ['nothing', undefined, 'a batch must be a Float32Array, Float64Array or Uint8Array, got Undefined'],
    ['an empty one', new Float32Array(), 'a batch must hold whole samples of [1, 2, 2], 4 numbers each; got 0 numbers'],
    [
      'a part of a sample',
      new Float32Array(5),
      'a batch must hold whole samples of [1, 2, 2], 4 numbers each; got 5 numbers',
    ],
    [
      'NaN',
      Float32Array.of(0, 1, 2, 3, 0, 0, Number.NaN, 0),
      'the batch, sample 1 (from 0), holds NaN at place 2 of 4, which is no finite 32-bit number',
    ],
    [
      'a number beyond 32 bits',
      Float64Array.of(0, 1e39, 2, 3),
      'the batch, sample 0 (from 0), holds 1e+39 at place 1 of 4, which is no finite 32-bit number',
    ],
    [
      'pixels of 0 to 1',
      Float32Array.of(0, 0.5, 0.25, 1),
      "the batch holds pixels from 0 to 1, but white is 16 in this run's data: multiply them by 16",
    ],
    [
      'pixels of 0 to 255',
      Uint8Array.of(0, 255, 3, 4),
      "the batch holds pixels from 0 to 255, but those of this run's data are from 0 to 16",
    ],
  ])('is refused: %s', (_, batch, message) => {
    expect(refusal(batch, DIGITS)).toBe(message);
  });

  it('may be dark, in whole numbers of any type', () => {
    expect(checkBatch(Float32Array.of(0, 1, 0, 0, 0, 0, 0, 0), DIGITS)).toBe(2);
    expect(checkBatch(new Float64Array(4), DIGITS)).toBe(1);
    expect(checkBatch(Uint8Array.of(0, 1, 1, 1), DIGITS)).toBe(1);
  });

  it('may hold any finite numbers where samples are no images', () => {
    expect(checkBatch(Float64Array.of(0.5, -1e9, 1.7e9), TABLE)).toBe(1);
  });
});
