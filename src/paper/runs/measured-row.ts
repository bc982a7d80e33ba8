import type { RunOutcome } from '../../comparison/compare';
import { meanAndError } from '../../comparison/statistics';
import { meansSchema, type ReproducedRow, TABLE_MEASURES, type TableMeasure } from '../../store/reproduction';
import { type Result, resultEnsemble } from '../../store/result';

/** Part of a run that a row shows: an ensemble (null: the run's result), or a single network. */
export type Shown = { readonly ensemble: string | null } | { readonly network: string };

type Values = Record<TableMeasure, number | null>;

/**
 * Returns a row's measurements, by seed and as means, from the runs of its contestant. A run without the part that the
 * row shows counts as failed.
 */
export function measuredRow(
  shows: Shown,
  outcomes: readonly RunOutcome[],
  nameOf: (directory: string) => string,
): Pick<ReproducedRow, 'scores' | 'failures' | 'means'> {
  const scores: ReproducedRow['scores'] = [];
  const failures: ReproducedRow['failures'] = [];
  for (const outcome of outcomes) {
    const { seed, directory } = outcome;
    if (outcome.state === 'failed') {
      failures.push({ seed, message: outcome.message });
      continue;
    }
    const values = valuesOf(shows, outcome.result);
    if (values === null) failures.push({ seed, message: `the run has no usable ${wordsOf(shows)}` });
    else scores.push({ seed, run: nameOf(directory), values });
  }
  const mean = (measure: TableMeasure) => meanAndError(scores.map(({ values }) => values[measure]));
  const means = meansSchema.parse(Object.fromEntries(TABLE_MEASURES.map((measure) => [measure, mean(measure)])));
  return { scores, failures, means };
}

function wordsOf(shows: Shown): string {
  return 'network' in shows ? `network ${shows.network}` : `ensemble ${shows.ensemble ?? ''}`.trimEnd();
}

/** Returns a run's measurements for a row; null if it lacks the part that the row shows. */
function valuesOf(shows: Shown, result: Result): Values | null {
  const run = { steps: result.budget.steps, seconds: result.timings.wallSeconds };
  if ('network' in shows) {
    const member = result.members.find(({ name }) => name === shows.network);
    if (member === undefined || member.testErrorPct === null) return null;
    const { testErrorPct, testLoss } = member;
    return { ...run, ...ALONE, testErrorPct, testLoss };
  }
  const named = result.ensembles.find(({ name }) => name === shows.ensemble);
  const ensemble = shows.ensemble === null ? resultEnsemble(result) : named;
  if (ensemble === undefined || ensemble.members.length === 0) return null;
  const { members, testErrorPct, testLoss, outputCorrelation, parameterDistance } = ensemble;
  const between = barriersBetween(members, result.pairs);
  return {
    ...run,
    members: members.length,
    testErrorPct,
    testLoss,
    outputCorrelation,
    parameterDistance,
    barrier: meanAndError(between)?.mean ?? null,
    lowestBarrier: between.length > 0 ? Math.min(...between) : null,
  };
}

const ALONE = { members: 1, outputCorrelation: null, parameterDistance: null, barrier: null, lowestBarrier: null };

/** Returns the measured barriers between pairs of members. */
function barriersBetween(members: readonly string[], { names, barrier }: Result['pairs']): number[] {
  if (barrier === null) return [];
  const at = members.map((member) => names.indexOf(member));
  return at.flatMap((a, k) => at.slice(0, k).flatMap((b) => barrier[a]?.[b] ?? []));
}
