import { HANDED } from '../config/base';
import type { Config } from '../config/schema';
import { UsageError } from '../errors';
import { releaseLeft } from '../store/disk/lock';
import type { Result } from '../store/result';
import { isFinished, readConfig } from '../store/run-directory';
import type { RunOptions, SessionOptions } from './options';
import { storedConfig } from './places';
import { finished } from './run-once';
import { Session } from './session/session';

/** Options of a resumed run: its worker and supervision, its callbacks, and whether its code is trusted. */
export interface ResumeRequest
  extends SessionOptions,
    Partial<Omit<RunOptions, 'out' | 'resume' | 'tier0' | 'tier0Source'>> {
  /** True to import the model code that the run's configuration names; otherwise such a run is refused. */
  readonly trustCode?: boolean | undefined;
  /** Folder of the data, if it has changed. */
  readonly dataDir?: string | undefined;
}

/**
 * Resumes a run that was interrupted, or whose process died, from its directory. The result of a finished run is
 * returned without a worker.
 * @throws UsageError when its model was built by a script, or is code that is not trusted; DataError when the directory
 *   holds no run; JournalError when its journal is damaged; DeterminismError when the run differs from its journal
 */
export async function resume(directory: string, request: ResumeRequest = {}): Promise<Result> {
  const config = await readConfig(directory);
  if (isFinished(directory)) {
    await releaseLeft(directory); // left by a process that died right after writing the result
    return finished(directory);
  }
  mustBeTrusted(directory, config, request);
  const session = await Session.start(request, request.signal);
  try {
    return await session.run(await storedConfig(directory, request), { ...request, out: directory, resume: true });
  } finally {
    await session.close();
  }
}

/**
 * Checks that the user allows the code that a run directory names: write access there would suffice to name any code.
 * @throws UsageError when the model was built by a script and no factory is given, or is code that is not trusted
 */
export function mustBeTrusted(
  directory: string,
  { dataset, model, trainingLoss }: Config,
  { trustCode, model: factory }: Pick<ResumeRequest, 'trustCode' | 'model'>,
): void {
  if (model.name === HANDED && factory === undefined) {
    throw new UsageError(
      `the network of ${directory} was built by a script, which alone can build it again: to go on with the run, run that script with { out: '${directory}', resume: true }`,
    );
  }
  const named = [model.python, dataset.python, trainingLoss.python].filter((where) => where !== null);
  const code = [...new Set(named)];
  if (code.length === 0 || trustCode) return;
  throw new UsageError(
    `${directory} names code to be imported, ${code.join(' and ')}: look at it, and give --trust-code if you trust it`,
  );
}
