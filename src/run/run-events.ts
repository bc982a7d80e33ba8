import type { ConfigInput } from '../config/schema';
import type { Result } from '../store/result';
import type { RunEvent } from './events';
import { type RunRequest, run } from './run';

/**
 * Runs like `run`, and yields the events of the run; the last one, `finished`, has the result. To leave the loop early
 * stops the run, which can be resumed, and closes its worker. A loop that is slower than the run does not delay it: what
 * it has not taken of consecutive `progress` events is added up, and of consecutive `search` events it gets the last.
 * @throws like `run`
 */
export async function* runEvents(
  config: ConfigInput,
  { signal, ...request }: Omit<RunRequest, 'onEvent'> = {},
): AsyncGenerator<RunEvent, Result, void> {
  const untaken = new UntakenEvents();
  const controller = new AbortController();
  const stop = () => controller.abort();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const running = run(config, { ...request, signal: controller.signal, onEvent: (event) => untaken.add(event) });
  running.then(
    () => untaken.end(),
    () => untaken.end(),
  );
  try {
    for (;;) {
      const event = await untaken.next();
      if (event === undefined) return await running;
      yield event;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
    await running.catch(() => {}); // an error of it was thrown above, unless the caller left the loop
  }
}

/** Events that wait for a loop. There are only so many of them, however slow it is: see `added`. */
class UntakenEvents {
  readonly #events: RunEvent[] = [];
  #hasEnded = false;
  #wake = () => {};

  add(event: RunEvent): void {
    const sum = added(this.#events.at(-1), event);
    if (sum !== null) this.#events.pop();
    this.#events.push(sum ?? event);
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Resolves to the next event; to undefined after the last one. */
  async next(): Promise<RunEvent | undefined> {
    while (this.#events.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#events.shift();
  }
}

/** Returns one event for two that follow each other, or null if each says something of its own. */
function added(last: RunEvent | undefined, event: RunEvent): RunEvent | null {
  if (last?.type === 'progress' && event.type === 'progress' && last.what === event.what)
    return { ...event, steps: last.steps + event.steps };
  const isNewer = last?.type === event.type && (event.type === 'search' || event.type === 'download');
  return isNewer ? event : null;
}
