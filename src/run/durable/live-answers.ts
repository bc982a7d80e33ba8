import { assembleAnswer } from '../../bridge/wire/codec';
import type { Answer, Args, Op, TypedArray } from '../../bridge/wire/protocol';
import type { Requests } from '../../bridge/workers/worker';
import type { ArrayFiles } from '../../store/journal/arrays';
import type { GrowingHistory } from './growing-history';
import { commandSteps } from './history';
import { describe, mustEqual } from './recorder';

/**
 * Answers the commands of a run that goes on elsewhere from its journal, as it grows: who asks for what is not answered
 * yet waits with the run. Nothing is computed, and nothing is written.
 */
export class LiveAnswers implements Requests {
  readonly #history: GrowingHistory;
  readonly #arrays: Pick<ArrayFiles, 'read'>;
  #next = 0;

  constructor(history: GrowingHistory, arrays: Pick<ArrayFiles, 'read'>) {
    this.#history = history;
    this.#arrays = arrays;
  }

  /** How many commands were given. */
  get commands(): number {
    return this.#next;
  }

  /** Steps of the command that the run gives next; undefined where it has none. */
  async nextSteps(): Promise<number | undefined> {
    return commandSteps(await this.#history.command(this.#next));
  }

  /**
   * A network's file, which the journal does not keep, is answered empty.
   * @throws DeterminismError when the run gave another command; JournalError when the answer is damaged
   */
  async request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    const c = this.#next;
    this.#next += 1;
    const given = describe(op, args); // now: the arrays of a program are reused
    mustEqual(c, await this.#history.command(c), given);
    const { fields, tensors } = await this.#history.result(c);
    const arrays: Record<string, TypedArray> = {};
    for (const [name, ref] of Object.entries(tensors ?? {})) arrays[name] = await this.#arrays.read(ref);
    return assembleAnswer(op, fields, tensors === null ? { file: new Uint8Array() } : arrays);
  }
}
