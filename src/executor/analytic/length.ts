/** The length of a displacement in units of a box of this width. */
export function lengthIn(width: Float64Array, displacement: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < width.length; i += 1) sum += (displacement[i] / width[i]) ** 2;
  return Math.sqrt(sum);
}
