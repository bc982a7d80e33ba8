import { takeApart } from '../../bridge/wire/codec';
import type { TypedArray } from '../../bridge/wire/operation';
import type { Answer, Args, Op } from '../../bridge/wire/protocol';
import type { RunWorker } from '../../bridge/workers/worker';
import { DeterminismError } from '../../errors';
import { origin } from '../../executor/origin';
import { deferred } from './deferred';
import { type Effect, effectOf } from './effects';
import { changedSince } from './origin';
import { digestOf, type Recorder } from './recorder';

/** A command that may have to be sent to the worker, or again to another worker. */
export interface PendingCommand {
  readonly c: number;
  readonly op: Op;
  readonly effect: Effect;
  /** Number of training or search steps. */
  readonly steps: number;
  /** Reports whether it has been answered, by the journal or by a worker. */
  readonly isAnswered: () => boolean;
  /** Reports whether the digest of its answer is known, so that a further answer must be the same. */
  readonly isKnown: () => boolean;
  /** Sends it. The returned function records the answer and resolves the command, or compares it with the known one. */
  readonly send: (worker: RunWorker) => Promise<() => Promise<void>>;
  readonly reject: (error: Error) => void;
}

export interface EntryOptions {
  readonly recorder: Recorder;
  /** Called with a message when an answer differs from the known one on a device that is not exact. */
  readonly onNotice: (message: string) => void;
  /** Lane of the command. It changes no answer, so that the journal does not record it. */
  readonly lane?: number | undefined;
}

/**
 * Numbers a command of the method and compares it with the journal.
 * @returns the promise for the method, which resolves without sending if the journal has the answer; and the entry
 * @throws DeterminismError when the journal has another command at this place
 */
export function takeCommand<O extends Op>(
  op: O,
  args: Args<O>,
  { recorder, onNotice, lane }: EntryOptions,
): { readonly entry: PendingCommand; readonly promise: Promise<Answer<O>> } {
  const { c, result } = recorder.next(op, args);
  const { promise, resolve, reject } = deferred<Answer<O>>();
  const tensors = result?.tensors ?? null;
  let digest = result?.digest;
  let fields = result?.fields ?? {};
  let isAnswered = tensors !== null;
  if (tensors !== null) recorder.stored(c, op, tensors).then(resolve, reject);
  const land = async (answer: Answer<O>) => {
    if (digest === undefined) {
      const { kept, ...own } = recorder.keepResult(c, op, answer);
      digest = own.digest;
      fields = takeApart(answer).fields;
      await kept;
    } else if (digestOfAnswer(answer, fields) !== digest) {
      if (op === 'open') mustBeMadeOf(fields, answer);
      const difference = tensors === null ? null : largestDifference(answer, await recorder.stored(c, op, tensors));
      if (recorder.isExact) throw differs(c, op, difference);
      onNotice(
        `command ${c} (${op}) was repeated on ${recorder.device} and differs from the journal by ${difference ?? 'an unknown amount'} at most; the journal stands`,
      );
    }
    isAnswered = true;
    resolve(answer);
  };
  const entry: PendingCommand = {
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

/** Reports whether a command changes the worker's state, so that a new worker must execute it again. */
export function isLasting({ op, effect }: PendingCommand): boolean {
  return op === 'open' || effect.changes.length + effect.drops.length > 0;
}

/** Returns the digest of an answer, without fields that the recorded answer lacks: a later version has added them. */
function digestOfAnswer(answer: object, recorded: Readonly<Record<string, unknown>>): string {
  const { fields, arrays } = takeApart(answer);
  return digestOf(Object.fromEntries(Object.entries(fields).filter(([name]) => name in recorded)), arrays);
}

/** Compares the hashes of what a task was made of. @throws DeterminismError that names what has changed */
function mustBeMadeOf(recorded: Readonly<Record<string, unknown>>, answer: object): void {
  const change = changedSince(origin.parse(recorded), origin.parse(answer));
  if (change === null) return;
  throw new DeterminismError(`${change} since the run was begun: restore what was there, or start again`);
}

function stepsOf(args: object): number {
  if ('lr' in args && args.lr instanceof Float64Array) return args.lr.length;
  return 'growth' in args && args.growth instanceof Float64Array ? args.growth.length : 0;
}

/** Returns the largest difference between corresponding numbers of two answers' arrays. */
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
    `command ${c} (${op}) was repeated and did not answer as the journal says${amount}: the machine, PyTorch, the number of threads or the data are not those that the run was begun with`,
  );
}
