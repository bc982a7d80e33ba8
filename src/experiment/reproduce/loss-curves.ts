import type { Config } from '../../config/schema';
import type { LossCurves } from '../../report/figures/loss-curves';
import type { Result } from '../../store/result';
import { readSearch } from '../verify/replay';

/**
 * What a finished run wrote down of a tier's search: loss and rho1 along every path, and the exits.
 * @throws DataError when the run has no such trace, or it is damaged
 */
export async function lossCurvesOf(
  { path, result, config }: { readonly path: string; readonly result: Result; readonly config: Config },
  tier: number,
): Promise<LossCurves> {
  const search = await readSearch(path, tier);
  const members = result.members.filter((member) => member.tier === tier);
  return {
    path: Array.from(search.path, (k) => search.paths[k]),
    round: search.round,
    loss: search.loss,
    rho1: search.rho1,
    exits: members.flatMap(({ name, exit }) => (exit === null ? [] : [{ path: name, step: exit.step }])),
    decay: config.dspTt.detector.decay,
  };
}
