import { type ClassScores, classScores } from '../../ensemble/class-scores';
import { combine, type Outputs } from '../../ensemble/combine';
import { labelScores } from '../../ensemble/label-scores';
import type { EnsembleResult, Result } from '../../store/result';
import type { SplitOutputs } from './score';

/** Computes the scores of a run's networks and ensembles on the test split. @param labels their number; null for classes */
export function classScoresOf(
  { outputs, targets }: SplitOutputs,
  ensembles: readonly EnsembleResult[],
  labels: number | null = null,
): NonNullable<Result['classScores']> {
  const scoresOf = (own: Outputs) => (labels === null ? classScores(own, targets) : labelScores(own, targets, labels));
  const scored = ensembles.flatMap(({ name, members, rule, weights }): [string, ClassScores][] => {
    const own = members.flatMap((member) => outputs.get(member) ?? []);
    if (own.length === 0) return [];
    const combined = combine(own, own[0].length / targets.length, rule, weights ?? undefined);
    const scores = scoresOf(combined);
    return [[name, rule === 'majorityVote' ? { ...scores, topFiveErrorPct: null, auc: null } : scores]];
  });
  const networks = [...outputs].map(([name, own]) => [name, scoresOf(own)] as const);
  return { networks: Object.fromEntries(networks), ensembles: Object.fromEntries(scored) };
}
