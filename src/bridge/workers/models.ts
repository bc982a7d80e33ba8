import { InterruptedError } from '../../errors';
import type { Answer, Args } from '../wire/protocol';
import { LocalLauncher } from './local-launcher';
import { Worker } from './worker';

/** A search for networks of dsptt (`zoo` null) or of a zoo whose names contain a text; `limit` bounds the list. */
export type ModelsRequest = Args<'models'>;
/** The listed networks and the number of matches; `model` is the entry for a configuration. */
export type ModelList = Answer<'models'>;
/** A network with its parameter counts. */
export type ListedModel = ModelList['models'][number];

/**
 * Lists networks with their parameter counts for 10 and 100 classes. The worker builds them without allocating weights.
 * @throws ConfigError for a zoo that is unknown or not installed; WorkerError; InterruptedError when it is aborted
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
