/**
 * Holm's step-down adjustment (1979) of p values that are looked at together: the probability of one false discovery or
 * more among them stays below the level at which the adjusted values are read. What has no p value stays without one, and
 * does not count.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 0;
  for (const [rank, { p, index }] of known.entries()) {
    least = Math.max(least, Math.min(1, (known.length - rank) * p));
    adjusted[index] = least;
  }
  return adjusted;
}
