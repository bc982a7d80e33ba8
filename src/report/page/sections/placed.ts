import { placedAmong } from '../../../comparison/answers';
import type { PlacedRun } from '../../../ensemble/placed-members';
import type { PlanePoint } from '../../figures/answers/function-plane';
import type { NetworkView } from '../../run-view';

/** Networks of a run in function space, and as points of a chart. */
export interface PlacedView {
  readonly run: PlacedRun;
  readonly points: readonly PlanePoint[];
}

/**
 * Places networks of a run beside the first of them; null with fewer than two, where numbers are predicted, or
 * without kept outputs.
 * @param colourOf names what the colour of a network's point says
 */
export function placedIn(
  { result, outputs: { test } }: NetworkView,
  networks: readonly string[],
  colourOf: (network: string) => string,
): PlacedView | null {
  if (result === null || test === null) return null;
  const run = placedAmong(result, networks, test.columns);
  if (run === null) return null;
  const { names, parameterDistance } = result.pairs;
  const distances = parameterDistance[names.indexOf(run.base)];
  const points = run.members.map(({ network, accuracy, disagreement, normalised }): PlanePoint => {
    const distance = distances?.[names.indexOf(network)] ?? null;
    const [accuracyPct, disagreementPct] = [100 * accuracy, 100 * disagreement];
    const { seed } = result;
    return { of: colourOf(network), seed, network, accuracyPct, normalised, disagreementPct, distance };
  });
  return { run, points };
}
