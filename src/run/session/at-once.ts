import type { Session } from './session';

/** Options of work on several items at a time. */
export interface AtOnceOptions {
  /** Number of items at a time, each in its own worker. It changes the duration, never a result. */
  readonly atOnce: number;
  /** Starts a session for one of the workers; it is closed at the end. */
  readonly startSession: () => Promise<Session>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Works on independent items in up to `atOnce` workers, each of which takes the next item when it is free; no more
 * workers than items are started. The first error aborts the signal of the other items; it is thrown when they end.
 */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  { atOnce, startSession, signal }: AtOnceOptions,
  work: (session: Session, item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const errors: unknown[] = [];
  const takeAll = async () => {
    try {
      const session = await startSession();
      for (const item of queue) await work(session, item, controller.signal);
    } catch (error) {
      errors.push(error); // the first is the cause of the others
      abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, takeAll));
  signal?.removeEventListener('abort', abort);
  if (errors.length > 0) throw errors[0];
}
