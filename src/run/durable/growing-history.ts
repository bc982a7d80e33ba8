import { InterruptedError } from '../../errors';
import type { CommandRecord, JournalRecord, ResultRecord } from '../../store/journal/record';
import { type Deferred, deferred } from './deferred';

/** Commands and results of a run whose journal grows. Reading one that is not there yet waits for it. */
export class GrowingHistory {
  readonly #commands: CommandRecord[] = [];
  readonly #results = new Map<number, ResultRecord>();
  /** Number of steps of all commands before each one. */
  readonly #stepsBefore: number[] = [0];
  #grown: Deferred<void> = deferred();
  #ended = false;

  /** Adds further records of the journal. */
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

  /** Ends the history: pending and later reads of missing records throw an InterruptedError. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Waits for a command. @throws InterruptedError when the history ends before */
  command(c: number): Promise<CommandRecord> {
    return this.#when(() => this.#commands[c]);
  }

  /** Waits for the result of a command. @throws InterruptedError when the history ends before */
  result(c: number): Promise<ResultRecord> {
    return this.#when(() => this.#results.get(c));
  }

  /** Returns the gradient evaluations of all commands before one. */
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

/** Returns the number of gradient evaluations of a command. */
export function stepsOf({ tensors }: CommandRecord): number {
  return (tensors.lr ?? tensors.growth)?.length ?? 0;
}
