import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors';
import type { Comparison } from '../store/comparison';
import type { FinishedRun } from './compare';
import { comparisonOf } from './contrast';
import { mustDiffer } from './finished-runs';
import { type RunView, viewRun } from './run-view';

/** Runs that belong into one report, and how those that have finished compare. */
export interface ReportRuns {
  readonly runs: readonly RunView[];
  readonly comparison: Comparison | null;
}

/**
 * Read what a report is made of: directories of runs, finished or not, or directories that hold some.
 * @throws UsageError when the runs are on different data, or two are of the same method and seed; DataError or JournalError
 *   where a directory holds no run, or a damaged one
 */
export async function reportRuns(directories: readonly string[]): Promise<ReportRuns> {
  const runs: RunView[] = [];
  for (const path of directories.flatMap(runsIn)) runs.push(await viewRun(path));
  mustBeOnSameData(runs);
  const finished = runs.flatMap(finishedRun);
  mustDiffer(finished);
  return { runs, comparison: finished.length > 1 ? await comparisonOf(finished) : null };
}

/** The directory itself, or the runs that lie in it. */
function runsIn(directory: string): string[] {
  const isFolder = existsSync(directory) && statSync(directory).isDirectory();
  if (!isFolder || existsSync(join(directory, 'config.json'))) return [directory];
  const below = readdirSync(directory).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const runs = below.map((name) => join(directory, name)).filter((path) => existsSync(join(path, 'config.json')));
  return runs.length > 0 ? runs : [directory];
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
