import { assembleAnswer } from '../../bridge/wire/codec';
import type { TypedArray } from '../../bridge/wire/operation';
import type { Answer, Args, Op } from '../../bridge/wire/protocol';
import type { Requests } from '../../bridge/workers/worker';
import { InterruptedError } from '../../errors';
import type { ResultRecord } from '../../store/journal/record';
import type { Recorder } from './recorder';

/** Arrays of answers that the journal does not contain, by the digests of those answers. */
export type KeptElsewhere = ReadonlyMap<string, Readonly<Record<string, TypedArray>>>;

/** Answers a run's commands from its journal alone, without computing or writing anything. */
export class JournalAnswers implements Requests {
  readonly #recorder: Recorder;
  readonly #elsewhere: KeptElsewhere;
  #ended: Error | undefined;

  constructor(recorder: Recorder, elsewhere: KeptElsewhere) {
    this.#recorder = recorder;
    this.#elsewhere = elsewhere;
  }

  /** True after a command without a recorded answer: it and all later ones end with an InterruptedError. */
  get isAtEnd(): boolean {
    return this.#ended instanceof InterruptedError;
  }

  /** The error that ended the run; undefined before. */
  get ended(): Error | undefined {
    return this.#ended;
  }

  /**
   * Answers a command from the journal.
   * @throws DeterminismError when the journal has another command; JournalError when its answer is damaged;
   *   InterruptedError when it has no answer
   */
  async request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    if (this.#ended !== undefined && !this.isAtEnd) throw this.#ended;
    try {
      // Compare also at the end: the journal may have further commands without answers, and they must be the same.
      const { c, result } = this.#recorder.next(op, args);
      if (result === undefined) throw new InterruptedError(`the journal has no answer to command ${c} (${op})`);
      return await this.#answer(c, op, result);
    } catch (error) {
      if (this.#ended === undefined || this.isAtEnd)
        this.#ended = error instanceof Error ? error : new Error(String(error));
      throw this.#ended;
    }
  }

  async #answer<O extends Op>(c: number, op: O, { tensors, digest, fields }: ResultRecord): Promise<Answer<O>> {
    if (tensors !== null) return this.#recorder.stored(c, op, tensors);
    const arrays = this.#elsewhere.get(digest);
    if (arrays === undefined) throw new InterruptedError(`the answer to command ${c} (${op}) was not kept`);
    return assembleAnswer(op, fields, arrays);
  }
}
