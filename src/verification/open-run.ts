import type { Config } from '../config/schema';
import type { TorchExecutor } from '../executor/torch';
import type { OpenOptions } from '../run/options';
import { mustBeOf, originOf } from '../run/origin';
import { placesIn } from '../run/places';
import type { Session } from '../run/session/session';
import type { Result } from '../store/result';

/** A finished run: its directory, its result, and its configuration, with what differs in the task to be opened. */
export interface FinishedRun {
  readonly path: string;
  readonly result: Result;
  readonly config: Config;
}

/**
 * Opens the task of a finished run again.
 * @throws DataError when the model's code, its weights or the data are not those of the run
 */
export async function openRun(
  session: Session,
  { path, result, config }: FinishedRun,
  options: OpenOptions,
): Promise<TorchExecutor> {
  const executor = await session.open(config, { ...options, places: await placesIn(path, originOf(result)) });
  mustBeOf(result, executor.task);
  return executor;
}
