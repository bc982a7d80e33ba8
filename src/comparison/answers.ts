import { type AnswersOf, type PlacedRun, placeRun } from '../ensemble/placed-members';
import { titleOfMethod } from '../methods';
import type { ComparedAnswers } from '../store/comparison';
import { type Result, resultEnsemble } from '../store/result';
import type { FinishedRun } from './compare';
import { meanAndError, meanOf } from './statistics';

/**
 * Returns how differently the members of each method's ensemble answer the test samples, by method in the order of the
 * runs: means over members first, then over seeds. A method of one network, or of predicted numbers, has no row.
 * @param classes number of classes; 2 for labels, whose decisions are counted
 */
export function compareAnswers(runs: readonly FinishedRun[], classes: number): ComparedAnswers[] {
  const byMethod = new Map<string, MemberMeans[]>();
  for (const { method, result } of runs) {
    const means = meansOf(result, classes);
    if (means !== null) byMethod.set(method, [...(byMethod.get(method) ?? []), means]);
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

function meansOf(result: Result, classes: number): MemberMeans | null {
  const placed = placedAmong(result, resultEnsemble(result).members, classes);
  if (placed === null) return null;
  const mean = (values: readonly number[]) => (values.length === 0 ? null : meanOf(values));
  return {
    accuracyPct: 100 * meanOf(placed.members.map(({ accuracy }) => accuracy)),
    disagreementPct: 100 * meanOf(placed.members.map(({ disagreement }) => disagreement)),
    normalised: mean(placed.members.flatMap(({ normalised }) => normalised ?? [])),
    independent: mean(placed.members.flatMap(({ independent }) => independent ?? [])),
  };
}

/** Places some networks of a run beside the first of them; null with fewer than two, or where numbers are predicted. */
export function placedAmong(
  { members, pairs: { names, disagreementPct } }: Pick<Result, 'members' | 'pairs'>,
  networks: readonly string[],
  classes: number,
): PlacedRun | null {
  const toFirst = disagreementPct[names.indexOf(networks[0])] ?? [];
  const measured = networks.flatMap((network): AnswersOf[] => {
    const errorPct = members.find(({ name }) => name === network)?.testErrorPct ?? null;
    const otherwise = toFirst[names.indexOf(network)] ?? null;
    return errorPct === null || otherwise === null ? [] : [{ network, errorPct, disagreementPct: otherwise }];
  });
  return placeRun(measured, classes);
}
