import type { SessionOptions } from './options';
import { Session } from './session';

/** The workers of something that takes one or several: started when they are asked for, ended together. */
export class Sessions {
  readonly #options: SessionOptions;
  readonly #started: Promise<Session>[] = [];

  constructor(options: SessionOptions = {}) {
    this.#options = options;
  }

  /** The same one each time. */
  first(): Promise<Session> {
    return this.#started[0] ?? this.start();
  }

  /** Another one. */
  start(): Promise<Session> {
    const started = Session.start(this.#options);
    this.#started.push(started);
    return started;
  }

  /** Give up what all of them do. */
  cancel(): void {
    const cancel = (session: Session) => session.cancel();
    for (const started of this.#started) started.then(cancel, () => {}); // one that did not start has said so
  }

  async close(): Promise<void> {
    const ended = await Promise.allSettled(this.#started);
    await Promise.all(ended.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  }
}
