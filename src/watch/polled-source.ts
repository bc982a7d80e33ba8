/** Full state as JSON with a version; a later version replaces all earlier ones. */
interface Numbered {
  readonly version: number;
  readonly json: string;
}

export interface FeedOptions {
  /** Minimum time between two looks, in ms. */
  readonly everyMs: number;
  /** Reads the current state. @returns it as JSON */
  readonly look: () => Promise<string>;
}

/** Minimum ratio of idle to busy time, so that slow looks use at most a tenth of a processor. */
const IDLE_FOR_BUSY = 9;

/** Polls a state while there are listeners, and never otherwise. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #listeners = new Set<() => void>();
  #latest: Numbered | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();
  #isLooking = false;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get latest(): Numbered | null {
    return this.#latest;
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    this.lookNow();
    return () => {
      this.#listeners.delete(onChange);
    };
  }

  /** Looks immediately, unless a look is under way. */
  lookNow(): void {
    if (this.#isLooking || this.#isClosed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#looking = this.#look();
  }

  /** Looks once more if there are listeners, then closes. */
  async finish(): Promise<void> {
    await this.#looking;
    if (this.hasListeners && !this.#isClosed) await this.#look();
    await this.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const begun = performance.now();
    const json = await this.#options.look();
    if (json !== this.#latest?.json) {
      this.#latest = { version: (this.#latest?.version ?? 0) + 1, json };
      for (const listener of this.#listeners) listener();
    }
    this.#isLooking = false;
    if (this.#isClosed || !this.hasListeners) return;
    const wait = Math.max(this.#options.everyMs, IDLE_FOR_BUSY * (performance.now() - begun));
    this.#timer = setTimeout(() => this.lookNow(), wait);
  }
}
