import { titleOfMethod } from '../methods';
import { type ComparisonRow, MEASURES, type Measure, meansSchema, type Score } from '../store/comparison';
import type { EnsembleResult } from '../store/result';
import { type FinishedRun, finishedRuns, type RunOutcome } from './compare';
import { meanAndError } from './statistics';

/** One ensemble of one run. */
export interface RowSource {
  readonly run: FinishedRun;
  readonly ensemble: EnsembleResult;
}

/** Row of a comparison before averaging: an ensemble of a method, in all runs that have it. */
export interface RowEntries {
  readonly method: string;
  /** Null if no run of the method finished. */
  readonly ensemble: string | null;
  readonly title: string;
  readonly entries: readonly RowSource[];
  readonly failures: ComparisonRow['failures'];
}

/**
 * Returns the rows of outcomes, by method in the order of their first run: one for each named ensemble that the
 * method's runs have or, if they have none of them, one for the method's own result.
 */
export function selectRows(outcomes: readonly RunOutcome[], ensembles: readonly string[] = []): RowEntries[] {
  const methods = [...new Set(outcomes.map(({ method }) => method))];
  return methods.flatMap((method): RowEntries[] => {
    const own = outcomes.filter((outcome) => outcome.method === method);
    const runs = finishedRuns(own);
    const named = ensembles.filter((name) => runs.some((run) => entriesOf(run, name).length > 0));
    const results = [...new Set(runs.map(({ result }) => result.result))];
    const failures = own.flatMap((run) => (run.state === 'failed' ? [{ seed: run.seed, message: run.message }] : []));
    if (runs.length === 0) return [{ method, ensemble: null, title: titleOfMethod(method), entries: [], failures }];
    return (named.length > 0 ? named : results).map((ensemble) => {
      const entries = runs.flatMap((run) => entriesOf(run, ensemble));
      const says = named.length > 0 || method === 'dsp-tt' || ensemble === 'selected' ? ` ${ensemble}` : '';
      return { method, ensemble, title: `${titleOfMethod(method)}${says}${note(runs)}`, entries, failures };
    });
  });
}

function entriesOf(run: FinishedRun, name: string): RowSource[] {
  return run.result.ensembles.filter((ensemble) => ensemble.name === name).map((ensemble) => ({ run, ensemble }));
}

function note(runs: readonly FinishedRun[]): string {
  const given = runs.some(({ result }) => result.members.some(({ state }) => state === 'given'));
  return given ? ', tier 0 given' : '';
}

/** Builds a row with its scores, by seed, and their means. */
export function rowOf({ method, ensemble, title, entries, failures }: RowEntries): ComparisonRow {
  const name = ensemble === null || ensemble === method ? method : `${method} ${ensemble}`;
  return summarised({ name, title, method, ensemble, failures, scores: entries.map(scoreOf) });
}

/** Adds the means of its scores to a row. */
export function summarised({ scores, ...row }: Omit<ComparisonRow, 'means' | 'deepEnsembleEquivalent'>): ComparisonRow {
  const mean = (measure: Measure) => meanAndError(scores.map(({ values }) => values[measure]));
  const means = meansSchema.parse(Object.fromEntries(MEASURES.map((measure) => [measure, mean(measure)])));
  return { ...row, scores, means, deepEnsembleEquivalent: null };
}

function scoreOf({ run, ensemble }: RowSource): Score {
  const { testErrorPct, testRmse, testLoss, calibratedTestLoss, ecePct } = ensemble;
  const { outputCorrelation, parameterDistance, members } = ensemble;
  const { budget, timings } = run.result;
  const measured = {
    testErrorPct,
    testRmse,
    testLoss,
    calibratedTestLoss,
    ecePct,
    outputCorrelation,
    parameterDistance,
  };
  const values = {
    ...measured,
    members: members.length,
    steps: budget.steps,
    seconds: timings.wallSeconds,
  };
  const classScores = run.result.classScores?.ensembles[ensemble.name];
  return { seed: run.seed, run: run.directory, values, ...(classScores && { classScores }) };
}
