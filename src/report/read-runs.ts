import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FinishedRun } from '../comparison/compare';
import { comparisonOf } from '../comparison/contrast';
import { mustDiffer } from '../comparison/finished-runs';
import { datasetName } from '../config/schema';
import { UsageError } from '../errors';
import type { Comparison } from '../store/comparison';
import { isRun, runsBelow } from '../store/find-runs';
import { type RunView, viewRun } from './run-view';

/** Runs of one report, and the comparison of the finished ones. */
export interface ReportRuns {
  readonly runs: readonly RunView[];
  readonly comparison: Comparison | null;
  /** Notes on unfinished runs, and on runs left out as just starting, among those found in a folder. */
  readonly notices: readonly string[];
}

/** Directory of a run; `isFound` is true if it was found in a given folder instead of being given itself. */
interface Place {
  readonly path: string;
  readonly isFound: boolean;
}

/**
 * Reads the runs of a report from run directories, finished or not, and from folders of runs or comparisons.
 * @throws UsageError if the runs are on different data, or two have the same method and seed; DataError or JournalError
 *   if a directory holds no run or a damaged one
 */
export async function reportRuns(directories: readonly string[]): Promise<ReportRuns> {
  const runs: RunView[] = [];
  const notices: string[] = [];
  for (const { path, isFound } of directories.flatMap(runsIn)) {
    if (isFound && !hasConfig(path)) {
      notices.push(`${path} is left out: its run is only just beginning`);
      continue;
    }
    const run = await viewRun(path);
    runs.push(run);
    if (isFound && run.result === null) notices.push(`${path} has not finished: it is shown as far as it has got`);
  }
  mustBeOnSameData(runs);
  const finished = runs.flatMap(finishedRun);
  mustDiffer(finished);
  return { runs, comparison: finished.length > 1 ? await comparisonOf(finished) : null, notices };
}

/** Returns the directory itself or the runs below it; a folder without runs counts as a run and is refused later. */
function runsIn(directory: string): Place[] {
  const named = [{ path: directory, isFound: false }];
  if (isRun(directory)) return named;
  const found = runsBelow(directory).map((name) => ({ path: join(directory, name), isFound: true }));
  return found.some(({ path }) => hasConfig(path)) ? found : named;
}

/** Reports whether a run's config.json exists; before that nothing can be shown. */
function hasConfig(path: string): boolean {
  return existsSync(join(path, 'config.json'));
}

function mustBeOnSameData(runs: readonly RunView[]): void {
  const [first] = runs;
  const other = runs.find((run) => dataOf(run) !== dataOf(first));
  if (other === undefined) return;
  throw new UsageError(
    `${first.path} is a run on ${dataOf(first)}, ${other.path} one on ${dataOf(other)}: a report is of runs on the same data; make one for each`,
  );
}

function dataOf(run: RunView): string {
  return run.kind === 'optima' ? `the function ${run.result.objective.name}` : datasetName(run.config);
}

function finishedRun(run: RunView): FinishedRun[] {
  if (run.kind === 'optima' || run.result === null) return [];
  const { path: directory, result } = run;
  return [{ state: 'finished', method: result.method, seed: result.seed, directory, result }];
}
