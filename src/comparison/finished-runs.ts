import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors';
import { runsBelow } from '../store/find-runs';
import { isFinished, readResult } from '../store/run-directory';
import type { FinishedRun } from './compare';

/** Choice among the runs found; by default all are compared. */
export interface RunChoice {
  /** Methods to compare, in this order. */
  readonly methods?: readonly string[] | undefined;
  readonly seeds?: readonly number[] | undefined;
}

/**
 * Reads finished runs, from run directories and from directories of comparisons, which hold one run for each method and
 * seed.
 * @throws DataError when a directory holds no finished run; UsageError when two are of the same method and seed, or
 *   when none is left
 */
export async function readRuns(directories: readonly string[], choice: RunChoice = {}): Promise<FinishedRun[]> {
  const runs: FinishedRun[] = [];
  for (const directory of directories.flatMap(runsIn)) {
    const result = await readResult(directory);
    runs.push({ state: 'finished', method: result.method, seed: result.seed, directory, result });
  }
  const methods = choice.methods ?? [...new Set(runs.map(({ method }) => method))];
  const chosen = methods.flatMap((method) => runs.filter((run) => run.method === method && isChosen(run, choice)));
  if (chosen.length === 0)
    throw new UsageError(`none of the runs is of ${methods.join(', ')} with the seeds asked for`);
  mustDiffer(chosen);
  return chosen;
}

/**
 * Refuses two runs of the same method and seed: it is not clear which of them to pair with the others.
 * @throws UsageError on the first such pair
 */
export function mustDiffer(runs: readonly FinishedRun[]): void {
  for (const run of runs) {
    const twin = runs.find((other) => other !== run && other.method === run.method && other.seed === run.seed);
    if (twin !== undefined) {
      throw new UsageError(
        `${run.directory} and ${twin.directory} are both of ${run.method} with seed ${run.seed}: name one of them`,
      );
    }
  }
}

function isChosen({ seed }: FinishedRun, { seeds }: RunChoice): boolean {
  return seeds === undefined || seeds.includes(seed);
}

/** Returns the directory itself if it is a finished run or holds none, else the finished runs below it. */
function runsIn(directory: string): string[] {
  if (isFinished(directory) || !existsSync(directory)) return [directory];
  const runs = runsBelow(directory)
    .map((name) => join(directory, name))
    .filter(isFinished);
  return runs.length > 0 ? runs : [directory];
}
