import { InterruptedError } from '../../errors';
import type { CommandRecord, JournalRecord, ResultRecord } from '../../store/journal/record';
import { type Deferred, deferred } from './deferred';

/** A run's commands and their results while its journal grows: who asks for one that is not there yet waits for it. */
export class GrowingHistory {
  readonly #commands: CommandRecord[] = [];
  readonly #results = new Map<number, ResultRecord>();
  /** Steps of all commands before each one. */
  readonly #stepsBefore: number[] = [0];
  #grown: Deferred<void> = deferred();
  #ended = false;

  /** Take in what the journal has further. */
  add(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'command') {
        this.#stepsBefore.push(this.stepsBefore(this.#commands.length) + stepsOf(record));
        this.#commands.push(record);
      }
      if (record.kind === 'result') this.#results.set(record.c, record);
    }
    this.#wake();
  }

  /** Nothing more comes: who waits gets an InterruptedError. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** @throws InterruptedError when it never comes */
  command(c: number): Promise<CommandRecord> {
    return this.#when(() => this.#commands[c]);
  }

  /** @throws InterruptedError when it never comes */
  result(c: number): Promise<ResultRecord> {
    return this.#when(() => this.#results.get(c));
  }

  /** Gradient evaluations of all commands before one. */
  stepsBefore(c: number): number {
    return this.#stepsBefore[c] ?? 0;
  }

  async #when<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#ended) throw new InterruptedError('the journal has no further record');
      await this.#grown.promise;
    }
  }

  #wake(): void {
    this.#grown.resolve();
    this.#grown = deferred();
  }
}

/** Gradient evaluations that a command asks for. */
export function stepsOf({ tensors }: CommandRecord): number {
  return (tensors.lr ?? tensors.growth)?.length ?? 0;
}
