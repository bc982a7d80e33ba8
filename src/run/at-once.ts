import type { Session } from './session';

export interface AtOnceOptions {
  /** Items at a time, each in a worker of its own. Changes how long it takes, never a result. */
  readonly atOnce: number;
  readonly startSession: () => Promise<Session>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Work on items that do not depend on one another: as many workers as are asked for, each of which takes the next item
 * when it has done with one; none is started where there is nothing to do. The first error aborts the signal that the
 * others work under, and is thrown once they have ended.
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
      errors.push(error); // the first is the cause, the others end because of it
      abort();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, takeAll));
  signal?.removeEventListener('abort', abort);
  if (errors.length > 0) throw errors[0];
}
