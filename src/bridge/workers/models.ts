import { InterruptedError } from '../../errors';
import type { Answer, Args } from '../wire/protocol';
import { LocalLauncher } from './local-launcher';
import { Worker } from './worker';

/** Networks of ours (`zoo` null) or of a zoo, whose names contain the search text; so many at most. */
export type ModelsRequest = Args<'models'>;
/** What was listed, and how many there were; a model is what a configuration states. */
export type ModelList = Answer<'models'>;
export type ListedModel = ModelList['models'][number];

/**
 * Networks with their parameter counts for 10 and 100 classes. The worker builds them without allocating a weight.
 * @throws ConfigError for a zoo that is unknown or not installed; WorkerError; InterruptedError when the signal aborts it
 */
export async function listModels(request: ModelsRequest, signal?: AbortSignal): Promise<ModelList> {
  const worker = await Worker.start(new LocalLauncher());
  const cancel = () => worker.cancelAll();
  signal?.addEventListener('abort', cancel);
  try {
    if (signal?.aborted) throw new InterruptedError('the listing was interrupted');
    return await worker.request('models', request);
  } finally {
    signal?.removeEventListener('abort', cancel);
    await worker.close();
  }
}
