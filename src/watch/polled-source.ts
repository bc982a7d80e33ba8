/** A whole state as JSON, with its version; a later version replaces all earlier ones. */
interface Numbered {
  readonly version: number;
  readonly json: string;
}

export interface FeedOptions {
  /** Time between two looks, in ms. */
  readonly everyMs: number;
  /** Look at what there is. @returns the state as it is now, as JSON */
  readonly look: () => Promise<string>;
}

/** A look that takes long is taken less often, so that a viewer costs a tenth of a processor at most. */
const IDLE_FOR_BUSY = 9;

/** Looks at something again and again while somebody wants to know, and never otherwise. */
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

  /** Look without waiting for the next time. */
  lookNow(): void {
    if (this.#isLooking || this.#isClosed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#looking = this.#look();
  }

  /** Look once more, and end. */
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
