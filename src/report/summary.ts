import { type MemberResult, type Result, resultEnsemble } from '../store/result';
import { isTuned } from '../trust-tech/names';
import { fixed } from './format';

/** Summarises a run's result in a sentence or two. States if no barrier shows that a member is a different optimum. */
export function summary(result: Result): string {
  const score = scoreWords(result);
  const paths = result.members.filter(({ tier, name }) => tier > 0 && !isTuned(name));
  if (result.method !== 'dsp-tt' || paths.length === 0) return score;
  const barriers = paths.flatMap(({ barrierToParent }) => barrierToParent ?? []);
  const highest = barriers.length > 0 ? Math.max(...barriers) : null;
  const tiers = [...new Set(paths.map(({ tier }) => tier))];
  const isFound = paths.some(({ state }) => state === 'trained');
  return `${searchWords(paths, tiers, result.budget.search)}; ${barrierWords(highest, tiers.length, isFound)}; ${score}`;
}

function scoreWords(result: Result): string {
  const { name, members, testErrorPct, testRmse, testLoss } = resultEnsemble(result);
  const error = testRmse === null ? `test error ${fixed(testErrorPct, 2)} %` : `test RMSE ${fixed(testRmse, 4)}`;
  return `${name} of ${members.length}: ${error}, test loss ${fixed(testLoss, 4)}.`;
}

function searchWords(paths: readonly MemberResult[], tiers: readonly number[], steps: number): string {
  const counts = tiers.map((number) => {
    const own = paths.filter(({ tier }) => tier === number);
    const exits = own.filter(({ exit }) => exit !== null).length;
    return `${tiers.length > 1 ? `tier ${number}: ` : ''}${exits} of ${own.length} paths`;
  });
  const isVerified = paths.some(({ exit }) => exit !== null && exit.barrier !== null);
  const sign = `their loss rose and fell again${isVerified ? ', and a loss barrier lies behind them' : ''}`;
  return `${counts.join(', ')} passed an exit point (${sign}) within ${steps} search steps`;
}

/** Barrier in nats below which the rise of the training loss is no evidence of a second optimum. */
export const FLAT = 0.01;

function barrierWords(highest: number | null, tiers: number, isFound: boolean): string {
  if (highest === null) return isFound ? 'no loss barrier was measured' : 'no tier-1 network was found';
  const ends = tiers > 1 ? 'a network and the one it was searched from' : 'tier 0 and a tier-1 network';
  const height = `the highest loss barrier between ${ends} is ${fixed(highest, 4)} nats`;
  return highest < FLAT ? `${height}, so nothing shows that they are different optima` : height;
}
