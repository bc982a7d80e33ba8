import { placeRun } from '../ensemble/placed-members';
import { titleOfMethod } from '../methods';
import type { ComparedAnswers } from '../store/comparison';
import { readOutputs } from '../store/outputs';
import { resultEnsemble } from '../store/result';
import type { FinishedRun } from './compare';
import { meanAndError, meanOf } from './statistics';

/**
 * Returns how differently the members of each method's ensemble answer the test samples, by method in the order of the
 * runs: means over members first, then over seeds. A method of one network, of predicted numbers, or without kept outputs
 * has no row.
 */
export async function compareAnswers(runs: readonly FinishedRun[]): Promise<ComparedAnswers[]> {
  const byMethod = new Map<string, MemberMeans[]>();
  for (const run of runs) {
    const means = await meansOf(run);
    if (means !== null) byMethod.set(run.method, [...(byMethod.get(run.method) ?? []), means]);
  }
  return [...byMethod].map(([method, seeds]) => {
    const mean = (value: (means: MemberMeans) => number | null) => meanAndError(seeds.map(value));
    return {
      method,
      title: titleOfMethod(method),
      accuracyPct: mean(({ accuracyPct }) => accuracyPct),
      disagreementPct: mean(({ disagreementPct }) => disagreementPct),
      normalised: mean(({ normalised }) => normalised),
      independent: mean(({ independent }) => independent),
    };
  });
}

interface MemberMeans {
  readonly accuracyPct: number;
  readonly disagreementPct: number;
  readonly normalised: number | null;
  readonly independent: number | null;
}

async function meansOf({ directory, result }: FinishedRun): Promise<MemberMeans | null> {
  const { members, testRmse } = resultEnsemble(result);
  const kept = testRmse === null && members.length > 1 ? await readOutputs(directory, 'test', members) : null;
  const placed = kept && placeRun(kept.outputs, kept.targets, kept.columns);
  if (placed === null) return null;
  const mean = (values: readonly number[]) => (values.length === 0 ? null : meanOf(values));
  return {
    accuracyPct: 100 * meanOf(placed.members.map(({ accuracy }) => accuracy)),
    disagreementPct: 100 * meanOf(placed.members.map(({ disagreement }) => disagreement)),
    normalised: mean(placed.members.flatMap(({ normalised }) => normalised ?? [])),
    independent: mean(placed.members.flatMap(({ independent }) => independent ?? [])),
  };
}
