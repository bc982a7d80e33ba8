import { takeApart } from '../../bridge/wire/codec';
import type { Answer, Args, Op, TypedArray } from '../../bridge/wire/protocol';
import type { RunWorker } from '../../bridge/workers/worker';
import { DeterminismError } from '../../errors';
import { deferred } from './deferred';
import { type Effect, effectOf } from './effects';
import { digestOf, type Recorder } from './recorder';

/** A command that may have to be sent, or sent again to another worker. */
export interface Entry {
  readonly c: number;
  readonly op: Op;
  readonly effect: Effect;
  /** Training or search steps. */
  readonly steps: number;
  /** Whether it has had its answer, from the journal or from a worker. */
  readonly isAnswered: () => boolean;
  /** Whether its answer is known, so that another one must be the same; of a large one its digest alone is. */
  readonly isKnown: () => boolean;
  /** Send it; the function that comes back keeps the answer and hands it to the method, or compares it with the one known. */
  readonly send: (worker: RunWorker) => Promise<() => Promise<void>>;
  readonly reject: (error: Error) => void;
}

export interface EntryOptions {
  readonly recorder: Recorder;
  /** Told of an answer that is not the one known, where the device cannot promise the same bits. */
  readonly onNotice: (message: string) => void;
  /** Where it is done, which changes no answer: the journal does not keep it. */
  readonly lane?: number | undefined;
}

/**
 * Take a command of the method.
 * @returns the promise that the method gets, and the entry; its answer is under way already where the journal keeps it
 * @throws DeterminismError when the journal has another command at its place
 */
export function takeCommand<O extends Op>(
  op: O,
  args: Args<O>,
  { recorder, onNotice, lane }: EntryOptions,
): { readonly entry: Entry; readonly promise: Promise<Answer<O>> } {
  const { c, result } = recorder.next(op, args);
  const { promise, resolve, reject } = deferred<Answer<O>>();
  const tensors = result?.tensors ?? null;
  let digest = result?.digest;
  let isAnswered = tensors !== null;
  if (tensors !== null) recorder.stored(c, op, tensors).then(resolve, reject);
  const land = async (answer: Answer<O>) => {
    if (digest === undefined) {
      const { kept, ...own } = recorder.keepResult(c, op, answer);
      digest = own.digest;
      await kept;
    } else if (digestOfAnswer(answer) !== digest) {
      const difference = tensors === null ? null : largestDifference(answer, await recorder.stored(c, op, tensors));
      if (recorder.isExact) throw differs(c, op, difference);
      onNotice(
        `command ${c} (${op}) was made again on ${recorder.device} and differs from the journal by ${difference ?? 'an unknown amount'} at most; the journal stands`,
      );
    }
    isAnswered = true;
    resolve(answer);
  };
  const entry: Entry = {
    c,
    op,
    effect: effectOf(op, args),
    steps: stepsOf(args),
    isAnswered: () => isAnswered,
    isKnown: () => digest !== undefined,
    send: async (worker) => {
      recorder.keepCommand(c, op, args);
      const answer = await worker.request(op, args, lane);
      return () => land(answer);
    },
    reject,
  };
  return { entry, promise };
}

/** Whether a command leaves something otherwise than it was, so that another worker needs it again. */
export function isLasting({ op, effect }: Entry): boolean {
  return op === 'open' || effect.changes.length + effect.drops.length > 0;
}

function digestOfAnswer(answer: object): string {
  const { fields, arrays } = takeApart(answer);
  return digestOf(fields, arrays);
}

function stepsOf(args: object): number {
  if ('lr' in args && args.lr instanceof Float64Array) return args.lr.length;
  return 'growth' in args && args.growth instanceof Float64Array ? args.growth.length : 0;
}

/** The largest difference between numbers at the same place of two answers' arrays. */
function largestDifference(a: object, b: object): number {
  const others = takeApart(b).arrays;
  const pairs = Object.entries(takeApart(a).arrays).map(([name, array]) => [array, others[name]] as const);
  return Math.max(0, ...pairs.map(([one, other]) => difference(one, other)));
}

function difference(a: TypedArray, b: TypedArray): number {
  let most = 0;
  for (const [i, value] of a.entries()) most = Math.max(most, Math.abs(value - b[i]));
  return most;
}

function differs(c: number, op: Op, by: number | null): DeterminismError {
  const amount = by === null ? '' : ` (its numbers differ by ${by} at most)`;
  return new DeterminismError(
    `command ${c} (${op}) was made again and did not answer as the journal says${amount}: the machine, PyTorch, the number of threads or the data are not those that the run was begun with`,
  );
}
