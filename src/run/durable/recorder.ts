import { basename } from 'node:path';
import { z } from 'zod';
import { assembleAnswer, takeApart } from '../../bridge/wire/codec';
import type { TypedArray } from '../../bridge/wire/operation';
import type { Answer, Args, Op } from '../../bridge/wire/protocol';
import { DeterminismError } from '../../errors';
import { type Origin, origin } from '../../executor/origin';
import { dtypeOf, sha256 } from '../../store/journal/arrays';
import { canonical } from '../../store/journal/canonical';
import type { Journal } from '../../store/journal/journal';
import type { CommandRecord, JournalRecord, ResultRecord, Unplaced } from '../../store/journal/record';
import type { History } from './history';
import { commandSteps } from './history';

/** A command in the form that the journal records. */
type Described = Pick<CommandRecord, 'op' | 'args' | 'tensors'>;

/** Operations whose answers are too large for the journal; the point still exists when a resumed run asks again. */
const UNKEPT: ReadonlySet<Op> = new Set(['savePoint']);

/** Numbers a run's commands, compares them with its journal, and appends new commands and results to it. */
export class Recorder {
  readonly #journal: Journal;
  readonly #history: History;
  readonly #start = performance.now();
  #next = 0;
  #commandsKept: number;
  #device = 'cpu';
  #lastWrite: Promise<void> = Promise.resolve();
  #secondsReplayed = 0;
  #taking: Note | null = null;

  constructor(journal: Journal, history: History) {
    this.#journal = journal;
    this.#history = history;
    this.#commandsKept = history.commands;
  }

  /** The device of the run; `cpu` before the task is open. */
  get device(): string {
    return this.#device;
  }

  /** True if a repeated command gives the same bits; on CUDA it does so only up to rounding. */
  get isExact(): boolean {
    return this.#device === 'cpu';
  }

  /**
   * Numbers the run's next command and compares it with the journal.
   * @returns its number, and its result if the journal has one
   * @throws DeterminismError when the journal has another command at this place
   */
  next<O extends Op>(op: O, args: Args<O>): { readonly c: number; readonly result: ResultRecord | undefined } {
    const c = this.#next;
    const recorded = this.#history.command(c);
    if (recorded !== undefined) mustEqual(c, recorded, describe(op, args));
    this.#next += 1;
    return { c, result: this.#history.result(c) };
  }

  /** Returns the steps of the journal's next command; undefined at its end, and for a command without steps. */
  nextSteps(): number | undefined {
    const recorded = this.#history.command(this.#next);
    return recorded && commandSteps(recorded);
  }

  /** Hashes of what the task was made of, as far as the journal has them. */
  get origin(): Origin {
    return origin.catch({}).parse(this.#history.result(0)?.fields);
  }

  /** Number of commands that the run has given. */
  get commands(): number {
    return this.#next;
  }

  /** Operation of the journal's next command; undefined at its end. */
  get nextOp(): string | undefined {
    return this.#history.command(this.#next)?.op;
  }

  /** Checks, at the end of the run, that the journal has no further commands. @throws DeterminismError when it has */
  mustHaveAll(): void {
    const recorded = this.#history.command(this.#next);
    if (recorded === undefined) return;
    throw new DeterminismError(
      `this run ended after ${this.#next} commands, but its journal has ${this.#history.commands}, the next one ${shortened(canonical(recorded))}: the code or its inputs have changed since. Resume it with the version of dsptt that began it, or start again`,
    );
  }

  /** Appends a command that is about to be sent; it is on the disk before its result. */
  keepCommand<O extends Op>(c: number, op: O, args: Args<O>): void {
    if (c < this.#commandsKept) return; // recorded before, by an earlier process or for a lost worker
    this.#commandsKept = c + 1;
    this.#append({ kind: 'command', c, ...describe(op, args) }, true);
  }

  /** Appends a result. @returns its digest, and a promise that resolves when it is on the disk */
  keepResult<O extends Op>(c: number, op: O, answer: Answer<O>): { digest: string; kept: Promise<void> } {
    const { fields, arrays } = takeApart(answer);
    this.#noteDevice(op, fields);
    const digest = digestOf(fields, arrays);
    const t = (performance.now() - this.#start) / 1000;
    this.#noteIncarnation();
    const kept = this.#journal.append((refs) => {
      return { kind: 'result', c, t, digest, fields, tensors: UNKEPT.has(op) ? null : refs(arrays) };
    });
    this.#lastWrite = kept;
    return { digest, kept };
  }

  /** Reads an answer from the journal. @throws JournalError when its arrays are damaged */
  async stored<O extends Op>(c: number, op: O, tensors: NonNullable<ResultRecord['tensors']>): Promise<Answer<O>> {
    const { fields } = this.#history.result(c) ?? { fields: {} };
    this.#noteDevice(op, fields);
    const arrays: Record<string, TypedArray> = {};
    for (const [name, ref] of Object.entries(tensors)) arrays[name] = await this.#journal.read(ref);
    this.#secondsReplayed = Math.max(this.#secondsReplayed, this.#history.secondsAt(c));
    return assembleAnswer(op, fields, arrays);
  }

  /** Appends a record that a worker was replaced. */
  keepRestart(reason: string): void {
    this.#append({ kind: 'restart', reason });
  }

  /** Records that this process resumed the run; written right before its first other record. */
  keepIncarnation(versions: Readonly<Record<string, string>>): void {
    this.#taking = { kind: 'incarnation', pid: process.pid, versions };
  }

  /** Waits until everything appended so far is on the disk. @throws JournalError when it cannot be written */
  async synced(): Promise<void> {
    await this.#journal.flush();
    await this.#lastWrite;
  }

  /** Returns the seconds that the run has taken in all its processes; during replay, the time recorded there. */
  seconds(): number {
    const isReplayed = this.#next <= this.#history.answered;
    return isReplayed ? this.#secondsReplayed : this.#history.seconds + (performance.now() - this.#start) / 1000;
  }

  #noteDevice(op: Op, { device }: Readonly<Record<string, unknown>>): void {
    if (op === 'open' && typeof device === 'string') this.#device = device;
  }

  #noteIncarnation(): void {
    const taking = this.#taking;
    this.#taking = null;
    if (taking !== null) this.#append(taking);
  }

  #append(record: Note, canWait = false): void {
    this.#noteIncarnation();
    this.#lastWrite = this.#journal.append(() => record, canWait);
    this.#lastWrite.catch(() => {}); // the next result, which is awaited, fails with the same error
  }
}

type Note = Unplaced<JournalRecord>;

/** Returns the SHA-256 of an answer's fields, except its notices, and arrays, in hexadecimal. */
export function digestOf(
  { notices, ...fields }: Readonly<Record<string, unknown>>, // words, which a later version may change
  arrays: Readonly<Record<string, TypedArray>>,
): string {
  return sha256(canonical({ fields, arrays: hashes(arrays) }));
}

/** Converts a command to the form that the journal records: arrays are replaced by their hashes. */
export function describe<O extends Op>(op: O, args: Args<O>): Described {
  const { fields, arrays } = takeApart(args);
  return { op, args: op === 'open' ? withoutPlace(fields) : { ...fields }, tensors: hashes(arrays) };
}

const placed = z.looseObject({
  dataset: z.looseObject({ dir: z.unknown(), python: z.string().optional() }),
  model: z.looseObject({ python: z.string().nullable(), weights: z.string().nullable() }),
  trainingLoss: z.looseObject({ python: z.string().nullable(), modules: z.unknown() }).optional(),
});

/** Removes the folders of the data set, the model, its weights and the training loss, which make no difference to a run. */
function withoutPlace(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { data } = placed.safeParse(fields);
  if (data === undefined) return fields; // no command of this version
  const { modules: _, dataset, model, trainingLoss: loss, ...rest } = data;
  const [python, weights] = [model.python, model.weights].map((path) => path && basename(path));
  const trainingLoss = loss && { ...loss, python: loss.python && basename(loss.python), modules: null };
  const code = dataset.python === undefined ? {} : { python: basename(dataset.python) };
  return {
    ...rest,
    dataset: { ...dataset, dir: null, ...code },
    model: { ...model, python, weights },
    ...(trainingLoss && { trainingLoss }),
  };
}

function hashes(arrays: Readonly<Record<string, TypedArray>>): Described['tensors'] {
  const hash = (array: TypedArray) => ({
    dtype: dtypeOf(array),
    length: array.length,
    sha256: sha256(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  });
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, hash(array)]));
}

/** Compares a command with the journal's. @throws DeterminismError when they differ */
export function mustEqual(c: number, { op, args: stated, tensors }: CommandRecord, now: Described): void {
  const args = op === 'open' ? withoutPlace(stated) : stated; // earlier versions recorded the model's folder
  const [recorded, given] = [canonical({ op, args, tensors }), canonical(now)];
  if (recorded === given) return;
  throw new DeterminismError(
    `command ${c} of this run is not the one that its journal has: the code or its inputs have changed since. ` +
      `The journal has ${shortened(recorded)}, now it is ${shortened(given)}. Nothing was changed; resume it with the version of dsptt that began it, or start again`,
  );
}

const SHOWN = 600;

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)} ...` : text;
}
