import { HANDED } from '../config/base';
import type { Config } from '../config/schema';
import { UsageError } from '../errors';
import { releaseLeft } from '../store/lock';
import type { Result } from '../store/result';
import { isFinished, readConfig } from '../store/run-directory';
import type { RunOptions, SessionOptions } from './options';
import { finished } from './run-once';
import { Session } from './session';

/** How a run goes on: the worker, its supervision, who is told, and whose code may run. */
export interface ResumeRequest
  extends SessionOptions,
    Partial<Omit<RunOptions, 'out' | 'resume' | 'tier0' | 'tier0Source'>> {
  /** Import the model code that the run's configuration names; without it such a run is refused. */
  readonly trustCode?: boolean | undefined;
  /** Where the data lie now, if not where they lay. */
  readonly dataDir?: string | undefined;
}

/**
 * Go on with a run that was interrupted, or whose process died: from its directory alone. A finished run is answered as
 * it is, without a worker.
 * @throws UsageError when its model was built by a script, or is code that is not trusted; DataError when the directory
 *   holds no run; JournalError when it is damaged; DeterminismError when the run does otherwise than it did
 */
export async function resume(directory: string, request: ResumeRequest = {}): Promise<Result> {
  const config = await readConfig(directory);
  if (isFinished(directory)) {
    await releaseLeft(directory); // of a process that died right after its result
    return finished(directory);
  }
  mustBeTrusted(directory, config, request);
  const session = await Session.start(request);
  try {
    return await session.run(withDataIn(config, request.dataDir), { ...request, out: directory, resume: true });
  } finally {
    await session.close();
  }
}

/** The configuration with its data where they lie now. */
export function withDataIn(config: Config, dir: string | undefined): Config {
  return dir === undefined ? config : { ...config, dataset: { ...config.dataset, dir } };
}

/**
 * What a run directory names is imported only where the user says so: whoever can write there could name anything.
 * @throws UsageError
 */
export function mustBeTrusted(
  directory: string,
  { model }: Config,
  { trustCode, model: factory }: Pick<ResumeRequest, 'trustCode' | 'model'>,
): void {
  if (model.name === HANDED && factory === undefined) {
    throw new UsageError(
      `the network of ${directory} was built by a script, which alone can build it again: to go on with the run, run that script with { out: '${directory}', resume: true }`,
    );
  }
  if (model.python === null || trustCode) return;
  throw new UsageError(
    `${directory} names code to be imported, ${model.python}: look at it, and give --trust-code if you trust it`,
  );
}
