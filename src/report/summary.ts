import type { Result } from '../store/result';
import { resultEnsemble } from '../store/result';
import { fixed } from './format';

/** What was found, in a sentence or two. Says so where nothing shows that a member is another optimum. */
export function summary(result: Result): string {
  const { members, budget } = result;
  const ensemble = resultEnsemble(result);
  const score = `${ensemble.name} of ${ensemble.members.length}: test error ${fixed(ensemble.testErrorPct, 2)} %, test loss ${fixed(ensemble.testLoss, 4)}.`;
  if (result.method !== 'dsp-tt') return score;
  const paths = members.filter(({ tier }) => tier > 0);
  const exits = paths.filter(({ exit }) => exit !== null).length;
  const barriers = paths.flatMap(({ barrierToParent }) => barrierToParent ?? []);
  const highest = barriers.length > 0 ? Math.max(...barriers) : null;
  const search = `${exits} of ${paths.length} paths passed an exit point (their loss rose and fell again) within ${budget.search} search steps; `;
  return `${search}${barrierWords(highest)}; ${score}`;
}

/** A training loss that rises by less than this on the way is no evidence of a second optimum, in nats. */
const FLAT = 0.01;

function barrierWords(highest: number | null): string {
  if (highest === null) return 'no tier-1 network was found';
  const height = `the highest loss barrier between tier 0 and a tier-1 network is ${fixed(highest, 4)} nats`;
  return highest < FLAT ? `${height}, so nothing shows that they are different optima` : height;
}
