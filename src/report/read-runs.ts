import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FinishedRun } from '../comparison/compare';
import { comparisonOf } from '../comparison/contrast';
import { mustDiffer } from '../comparison/finished-runs';
import { UsageError } from '../errors';
import type { Comparison } from '../store/comparison';
import { isRun, runsBelow } from '../store/find-runs';
import { type RunView, viewRun } from './run-view';

/** Runs that belong into one report, and how those that have finished compare. */
export interface ReportRuns {
  readonly runs: readonly RunView[];
  readonly comparison: Comparison | null;
  /** What there is to know of the runs that were found in a folder: which have not finished, and which not even begun. */
  readonly notices: readonly string[];
}

/** Where a run lies, and whether it was found in a folder that was named, instead of being named itself. */
interface Place {
  readonly path: string;
  readonly isFound: boolean;
}

/**
 * Read what a report is made of: directories of runs, finished or not, or folders of runs, and of comparisons.
 * @throws UsageError when the runs are on different data, or two are of the same method and seed; DataError or JournalError
 *   where a directory holds no run, or a damaged one
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

/** The directory itself, or the runs below it; a folder without any is itself taken for a run, and refused as such. */
function runsIn(directory: string): Place[] {
  const named = [{ path: directory, isFound: false }];
  if (isRun(directory)) return named;
  const found = runsBelow(directory).map((name) => ({ path: join(directory, name), isFound: true }));
  return found.some(({ path }) => hasConfig(path)) ? found : named;
}

/** With it a run's directory begins to say something. */
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
  return run.kind === 'optima' ? `the function ${run.result.objective.name}` : run.config.dataset.name;
}

function finishedRun(run: RunView): FinishedRun[] {
  if (run.kind === 'optima' || run.result === null) return [];
  const { path: directory, result } = run;
  return [{ state: 'finished', method: result.method, seed: result.seed, directory, result }];
}
