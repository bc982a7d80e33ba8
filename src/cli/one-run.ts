import { join } from 'node:path';
import { UsageError } from '../errors';
import { first } from '../report/format';
import { isRun, runsBelow } from '../store/find-runs';
import { isFinished } from '../store/run-directory';

const MOST = 20;

/**
 * Checks that a path names one run, for commands that take no folder of runs. Unfinished runs are listed first.
 * @throws UsageError with the runs in it if the path is a folder of runs
 */
export function mustBeOneRun(path: string): void {
  if (isRun(path)) return;
  const runs = runsBelow(path).map((name) => join(path, name));
  if (runs.length === 0) return;
  const unfinished = runs.filter((run) => !isFinished(run)).map((run) => `${run} (unfinished)`);
  const listed = first([...unfinished, ...runs.filter(isFinished)], MOST);
  throw new UsageError(`${path} is a folder of runs: name one of them: ${listed}`);
}
