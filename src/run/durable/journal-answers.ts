import { assembleAnswer } from '../../bridge/wire/codec';
import type { Answer, Args, Op, TypedArray } from '../../bridge/wire/protocol';
import type { Requests } from '../../bridge/workers/worker';
import { InterruptedError } from '../../errors';
import type { ResultRecord } from '../../store/journal/record';
import type { Recorder } from './recorder';

/** The arrays of answers that the journal does not keep itself, by the digests of those answers. */
export type KeptElsewhere = ReadonlyMap<string, Readonly<Record<string, TypedArray>>>;

/** Answers a run's commands from its journal alone: nothing is computed, and nothing is written. */
export class JournalAnswers implements Requests {
  readonly #recorder: Recorder;
  readonly #elsewhere: KeptElsewhere;
  #ended: Error | undefined;

  constructor(recorder: Recorder, elsewhere: KeptElsewhere) {
    this.#recorder = recorder;
    this.#elsewhere = elsewhere;
  }

  /** Whether a command has come that has no answer: that one and all after it end with an InterruptedError. */
  get isAtEnd(): boolean {
    return this.#ended instanceof InterruptedError;
  }

  /** What ended the run, where something did. */
  get ended(): Error | undefined {
    return this.#ended;
  }

  /** @throws DeterminismError when the journal has another command; JournalError when an answer in it is damaged */
  async request<O extends Op>(op: O, args: Args<O>): Promise<Answer<O>> {
    if (this.#ended !== undefined && !this.isAtEnd) throw this.#ended;
    try {
      const { c, result } = this.#recorder.next(op, args); // also at the end: commands that were on the wire must be the same
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
