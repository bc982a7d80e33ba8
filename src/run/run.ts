import { HANDED } from '../config/base';
import { resolveConfig } from '../config/resolve';
import { type ConfigInput, runStem } from '../config/schema';
import type { Result } from '../store/result';
import { freeDirectory } from '../store/run-directory';
import { readTier0 } from './given-tier0';
import type { RunOptions, SessionOptions } from './options';
import { Session } from './session/session';

/** Options of a run: its worker, its directory, and its callbacks. */
export interface RunRequest extends SessionOptions, Partial<Omit<RunOptions, 'tier0' | 'tier0Source'>> {
  /** Path of a safetensors file with a trained network as tier 0; `model`: the configured model's initial state. */
  readonly tier0?: string | undefined;
}

/**
 * Runs one method with a preset and changes of it, and returns its result.
 * @param config such as `{ preset: 'digits', method: 'dsp-tt', seed: 1 }`
 * @throws UsageError, ConfigError, DataError, DivergedError, WorkerError; InterruptedError when `signal` aborts it
 */
export async function run(config: ConfigInput, { tier0, ...request }: RunRequest = {}): Promise<Result> {
  const fromFactory = request.model === undefined ? {} : { model: { name: HANDED } };
  const resolved = resolveConfig([
    { from: 'the model factory', values: fromFactory },
    { from: 'run()', values: config },
  ]);
  const given = await readTier0(tier0);
  const out = request.out ?? freeDirectory(`runs/${runStem(resolved)}-${resolved.method}`);
  const session = await Session.start(request, request.signal);
  try {
    return await session.run(resolved, { ...request, out, ...given });
  } finally {
    await session.close();
  }
}
