import { type ClassScores, classScores } from '../../ensemble/class-scores';
import { combine } from '../../ensemble/combine';
import type { EnsembleResult, Result } from '../../store/result';
import type { SplitOutputs } from './score';

/** Computes the class scores of a run's networks and ensembles on the test split. */
export function classScoresOf(
  { outputs, targets }: SplitOutputs,
  ensembles: readonly EnsembleResult[],
): NonNullable<Result['classScores']> {
  const scored = ensembles.flatMap(({ name, members, rule, weights }): [string, ClassScores][] => {
    const own = members.flatMap((member) => outputs.get(member) ?? []);
    if (own.length === 0) return [];
    const combined = combine(own, own[0].length / targets.length, rule, weights ?? undefined);
    const scores = classScores(combined, targets);
    return [[name, rule === 'majorityVote' ? { ...scores, topFiveErrorPct: null, auc: null } : scores]];
  });
  const networks = [...outputs].map(([name, own]) => [name, classScores(own, targets)] as const);
  return { networks: Object.fromEntries(networks), ensembles: Object.fromEntries(scored) };
}
