/** Reproducible random numbers: xorshift32, good enough to damage bytes with, and fast. */
export class Dice {
  #state: number;

  /** @param parts numbers that together are the seed, such as that of a run and the number of a block in it */
  constructor(...parts: readonly number[]) {
    this.#state = 0x9e3779b9;
    for (const part of parts) {
      this.#state = Math.imul(this.#state ^ part, 0x85ebca6b) || 1; // 0 would stay 0
      for (let k = 0; k < 4; k += 1) this.#next();
    }
  }

  /** Returns an integer from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return this.#next() % limit;
  }

  isOneIn(chances: number): boolean {
    return this.below(chances) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }
}
