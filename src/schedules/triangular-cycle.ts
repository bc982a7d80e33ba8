/**
 * One cycle of fast geometric ensembling (Garipov et al. 2018, section 4): linear from `lrMax` down to `lrMin` at half the
 * cycle, where a member is taken, and up again.
 */
export function triangularCycle(lrMax: number, lrMin: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    const done = (step + 1) / steps;
    const towardsMin = done < 0.5 ? 2 * done : 2 - 2 * done;
    return lrMax + (lrMin - lrMax) * towardsMin;
  });
}
