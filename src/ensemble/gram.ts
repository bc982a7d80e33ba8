import type { Outputs } from './combine';

/** Vectors a tile: 3 x 3 sums and their factors fill the registers of a CPU. */
const TILE = 3;

/** Entries of each vector that are processed at a time: two tiles of them stay in the first-level cache. */
const BLOCK = 512;

/**
 * Returns the products of every two vectors, each less its own mean: [vectors, vectors], symmetric. They are summed a
 * block of entries at a time in small tiles, so that every number is read a few times and not once a pair.
 */
export function centredGram(vectors: readonly Outputs[]): Float64Array {
  const means = Float64Array.from(vectors, mean);
  const tiles = Math.ceil(vectors.length / TILE);
  const width = tiles * TILE;
  const padded = new Float64Array(width * width); // the last tile's missing vectors are 0
  const packed = new Float64Array(width * BLOCK);
  const length = vectors.length === 0 ? 0 : vectors[0].length;
  for (let start = 0; start < length; start += BLOCK) {
    const count = Math.min(BLOCK, length - start);
    for (const [k, vector] of vectors.entries()) pack(vector, start, count, means[k], packed, k);
    for (let row = 0; row < tiles; row += 1) {
      for (let column = 0; column <= row; column += 1) addTile(packed, row, column, count, padded, width);
    }
  }
  return symmetric(padded, width, vectors.length);
}

function mean(values: Outputs): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  return sum / values.length;
}

/** Copies a block of a vector, centred, beside those of its tile's other vectors: [tiles, BLOCK, TILE]. */
function pack(vector: Outputs, start: number, count: number, centre: number, packed: Float64Array, k: number): void {
  let place = Math.floor(k / TILE) * TILE * BLOCK + (k % TILE);
  for (let i = start; i < start + count; i += 1) {
    packed[place] = vector[i] - centre;
    place += TILE;
  }
}

/** Adds a block's products of one tile's vectors with another's to the table. */
function addTile(
  packed: Float64Array,
  row: number,
  column: number,
  count: number,
  table: Float64Array,
  width: number,
): void {
  let [s00, s01, s02, s10, s11, s12, s20, s21, s22] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let a = row * TILE * BLOCK;
  let b = column * TILE * BLOCK;
  for (let i = 0; i < count; i += 1) {
    const a0 = packed[a];
    const a1 = packed[a + 1];
    const a2 = packed[a + 2];
    const b0 = packed[b];
    const b1 = packed[b + 1];
    const b2 = packed[b + 2];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    a += TILE;
    b += TILE;
  }
  const sums = [s00, s01, s02, s10, s11, s12, s20, s21, s22];
  const corner = row * TILE * width + column * TILE;
  for (const [k, sum] of sums.entries()) table[corner + Math.floor(k / TILE) * width + (k % TILE)] += sum;
}

function symmetric(padded: Float64Array, width: number, count: number): Float64Array {
  const table = new Float64Array(count * count);
  for (let a = 0; a < count; a += 1) {
    for (let b = 0; b <= a; b += 1) table[a * count + b] = table[b * count + a] = padded[a * width + b];
  }
  return table;
}
