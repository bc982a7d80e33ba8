import { type BaseConfig, HANDED } from '../../config/base';
import { ConfigError, DataError } from '../../errors';
import type { Executor } from '../../executor/executor';
import { SCHEDULES } from '../../schedules';
import { dataStream, initStream, TIER0 } from '../../trust-tech/names';
import { type Candidate, type MethodContext, OF_MODEL, type Trace, trainedCandidate } from '../method';
import { trainToBest } from './early-stopping';
import { mustConverge } from './train';

/** The tier-0 optimum: given by the user, or trained with the configured local solver and schedule. */
export async function tier0(context: MethodContext, steps: number): Promise<{ candidate: Candidate; traces: Trace[] }> {
  const { executor, config, report } = context;
  if (context.tier0 !== null) {
    if (context.tier0 === OF_MODEL) await takeModel(executor, config);
    else await loadGiven(executor, context.tier0);
    return { candidate: { ...trainedCandidate(TIER0, null), state: 'given' }, traces: [] };
  }
  const { lr, schedule } = config.localSolver;
  report({ type: 'phase', phase: TIER0, steps });
  await executor.newPoint(TIER0, initStream(TIER0));
  const rates = SCHEDULES[schedule](lr, steps);
  const [trained] = await trainToBest(context, [{ point: TIER0, stream: dataStream(TIER0), lr: rates }]);
  mustConverge('tier 0', trained, lr);
  report({ type: 'trained', network: TIER0, divergedAt: null });
  return { candidate: trainedCandidate(TIER0, null), traces: [trained.trace] };
}

/** @throws ConfigError when new points of the model are not trained, but initialised. */
async function takeModel(executor: Executor, { model }: BaseConfig): Promise<void> {
  const isTrained = model.weights !== null || model.python !== null || model.name === HANDED;
  if (!isTrained || model.args.init === 'reset') {
    throw new ConfigError(
      `tier 0 can only be the model's own network where it comes trained: state model.weights, or take a zoo's network by model.python; got ${JSON.stringify(model)}`,
    );
  }
  await executor.newPoint(TIER0, initStream(TIER0));
}

/** @throws DataError that names the file, when it is not one of this network. */
async function loadGiven(
  executor: Executor,
  { file, source }: { readonly file: Uint8Array; readonly source: string },
): Promise<void> {
  try {
    await executor.loadPoint(TIER0, file);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new DataError(`${source}: ${cause.message}`, { cause, traceback: cause.traceback });
  }
}
