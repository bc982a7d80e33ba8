import { assembleAnswer } from '../../bridge/wire/codec';
import type { TypedArray } from '../../bridge/wire/operation';
import type { Answer, Args, Op } from '../../bridge/wire/protocol';
import type { Requests } from '../../bridge/workers/worker';
import type { ArrayFiles } from '../../store/journal/arrays';
import type { GrowingHistory } from './growing-history';
import { commandSteps } from './history';
import { describe, mustEqual } from './recorder';

/**
 * Answers commands from the growing journal of a run in another process, without computing or writing anything. A
 * command without a recorded answer waits until the run has one.
 */
export class LiveAnswers implements Requests {
  readonly #history: GrowingHistory;
  readonly #arrays: Pick<ArrayFiles, 'read'>;
  #next = 0;

  constructor(history: GrowingHistory, arrays: Pick<ArrayFiles, 'read'>) {
    this.#history = history;
    this.#arrays = arrays;
  }

  /** Number of commands given so far. */
  get commands(): number {
    return this.#next;
  }

  /** Waits for the run's next command and returns its number of steps; undefined if it has none. */
  async nextSteps(): Promise<number | undefined> {
    return commandSteps(await this.#history.command(this.#next));
  }

  /**
   * Answers a command. The file of a network, which the journal does not contain, is empty.
   * @throws DeterminismError when the run gave another command; JournalError when the answer is damaged;
   *   InterruptedError when the history ends before
   */
  async request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    const c = this.#next;
    this.#next += 1;
    const given = describe(op, args); // before any wait: the arrays of a program are reused
    mustEqual(c, await this.#history.command(c), given);
    const { fields, tensors } = await this.#history.result(c);
    const arrays: Record<string, TypedArray> = {};
    for (const [name, ref] of Object.entries(tensors ?? {})) arrays[name] = await this.#arrays.read(ref);
    return assembleAnswer(op, fields, tensors === null ? { file: new Uint8Array() } : arrays);
  }
}
