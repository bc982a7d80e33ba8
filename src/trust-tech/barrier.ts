/**
 * The loss barrier on a segment between two points: by how much the loss rises above the higher of its ends. 0 where it
 * never does: then nothing shows that the ends are two optima. The barrier, not the distance, is the evidence that they are.
 * @param loss along the segment, both ends included
 * @returns 0 or more; NaN where a loss is not a number, Infinity where one is infinite
 */
export function barrierOf(loss: ArrayLike<number>): number {
  const along = Array.from(loss);
  return Math.max(0, Math.max(...along) - Math.max(along[0], along[along.length - 1]));
}

/** So many evenly spaced positions of a segment, from 0 (one end) to 1 (the other). */
export function segmentPositions(points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, k) => k / (points - 1));
}
