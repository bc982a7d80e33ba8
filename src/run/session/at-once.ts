import { setMaxListeners } from 'node:events';
import { InterruptedError, WorkerError } from '../../errors';
import type { Session } from './session';

/** Options of work on several items at a time. */
export interface AtOnceOptions {
  /** Number of items at a time, each in its own worker. It changes the duration, never a result. */
  readonly atOnce: number;
  /**
   * Starts a session for one of the workers; it is closed once no item is left for it. The signal is aborted when nothing
   * is left for a session that still starts.
   */
  readonly startSession: (signal: AbortSignal) => Promise<Session>;
  /** Called with the reason when a worker cannot be started and others do its part. */
  readonly onFewer?: ((error: WorkerError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Works on independent items in up to `atOnce` workers, each of which takes the next item when it is free; no more
 * workers than items are started. A worker that has nothing left ends at once, so that another one can have its place.
 * Where a worker is lost for good, its item stays unfinished, and the other workers do the rest; they also do that of a
 * worker that cannot be started. Any other error aborts the signal of the other items. The first error is thrown when they
 * end, one that aborted them before all others.
 */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  { atOnce, startSession, onFewer, signal }: AtOnceOptions,
  work: (session: Session, item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const controller = new AbortController();
  const starts = new AbortController();
  setMaxListeners(Number.POSITIVE_INFINITY, controller.signal, starts.signal); // each worker listens: Node warns of more than ten
  const abort = () => {
    controller.abort();
    starts.abort();
  };
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const errors: unknown[] = [];
  const workAll = async (session: Session) => {
    while (queue.length > 0) {
      const [item] = queue.splice(0, 1);
      if (queue.length === 0) starts.abort();
      await work(session, item, controller.signal);
    }
  };
  const notStarted: WorkerError[] = [];
  const started = async (): Promise<Session | null> => {
    try {
      return await startSession(starts.signal);
    } catch (error) {
      if (error instanceof InterruptedError && starts.signal.aborted && !controller.signal.aborted) return null;
      if (!(error instanceof WorkerError)) throw error;
      notStarted.push(error);
      return null;
    }
  };
  const takeAll = async () => {
    try {
      const session = await started();
      if (session !== null) await workAll(session).finally(() => session.close());
    } catch (error) {
      errors.push(error);
      if (!(error instanceof WorkerError)) abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, takeAll));
  signal?.removeEventListener('abort', abort);
  if (queue.length > 0) errors.push(...notStarted);
  else for (const error of notStarted) onFewer?.(error);
  if (errors.length > 0) throw errors.find((error) => !(error instanceof WorkerError)) ?? errors[0];
}
