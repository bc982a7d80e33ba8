/**
 * Returns the loss barrier on a segment between two points: the height of the largest loss above the higher of the
 * ends. 0 if the loss never rises above it: then nothing shows that the ends are two optima. The barrier, not the
 * distance, is the evidence that they are.
 * @param loss losses along the segment, both ends included
 * @returns 0 or more; NaN if a loss is not a number, Infinity if one is infinite
 */
export function barrierOf(loss: ArrayLike<number>): number {
  const along = Array.from(loss);
  return Math.max(0, Math.max(...along) - Math.max(along[0], along[along.length - 1]));
}

/** Returns `points` evenly spaced positions of a segment, from 0 (one end) to 1 (the other). */
export function segmentPositions(points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, k) => k / (points - 1));
}
