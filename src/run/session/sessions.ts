import type { SessionOptions } from '../options';
import { Session } from './session';

/** Sessions for work that takes one or several workers: started on request, closed together. */
export class Sessions {
  readonly #options: SessionOptions;
  readonly #started: Promise<Session>[] = [];

  constructor(options: SessionOptions = {}) {
    this.#options = options;
  }

  /** Returns the first session, and starts it if there is none. */
  first(): Promise<Session> {
    return this.#started[0] ?? this.start();
  }

  /** Starts another session. */
  start(signal?: AbortSignal): Promise<Session> {
    const started = Session.start(this.#options, signal);
    this.#started.push(started);
    return started;
  }

  /** Cancels the pending commands of all sessions. */
  cancel(): void {
    const cancel = (session: Session) => session.cancel();
    for (const started of this.#started) started.then(cancel, () => {}); // the caller of `start` gets its error
  }

  async close(): Promise<void> {
    const ended = await Promise.allSettled(this.#started);
    await Promise.all(ended.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  }
}
