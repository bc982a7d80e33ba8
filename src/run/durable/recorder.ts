import { assembleAnswer, takeApart } from '../../bridge/wire/codec';
import type { Answer, Args, Op, TypedArray } from '../../bridge/wire/protocol';
import { DeterminismError } from '../../errors';
import { dtypeOf, sha256 } from '../../store/journal/arrays';
import { canonical } from '../../store/journal/canonical';
import type { Journal } from '../../store/journal/journal';
import type { CommandRecord, JournalRecord, ResultRecord, Unplaced } from '../../store/journal/record';
import type { History } from './history';
import { commandSteps } from './history';

/** What a command is, as the journal keeps it. */
type Described = Pick<CommandRecord, 'op' | 'args' | 'tensors'>;

/** Answers that are too large to be kept: their point is still there when they are wanted again. */
const UNKEPT: ReadonlySet<Op> = new Set(['savePoint']);

/** Numbers a run's commands, compares them with those of its journal, and writes new ones and their results into it. */
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

  /** The device that the run computes on, once it is open. */
  get device(): string {
    return this.#device;
  }

  /** Whether the same command gives the same bits each time; on CUDA it does up to rounding. */
  get isExact(): boolean {
    return this.#device === 'cpu';
  }

  /**
   * Take the run's next command.
   * @returns its number, and its result where the journal has it
   * @throws DeterminismError when the journal has another command at this place
   */
  next<O extends Op>(op: O, args: Args<O>): { readonly c: number; readonly result: ResultRecord | undefined } {
    const c = this.#next;
    const recorded = this.#history.command(c);
    if (recorded !== undefined) mustEqual(c, recorded, describe(op, args));
    this.#next += 1;
    return { c, result: this.#history.result(c) };
  }

  /** Steps of the command that the journal has next; undefined where it has none, or one without steps. */
  nextSteps(): number | undefined {
    const recorded = this.#history.command(this.#next);
    return recorded && commandSteps(recorded);
  }

  /** How many commands the run has given. */
  get commands(): number {
    return this.#next;
  }

  /** What the journal asks next; undefined at its end. */
  get nextOp(): string | undefined {
    return this.#history.command(this.#next)?.op;
  }

  /** The run has ended. @throws DeterminismError when its journal has further commands */
  mustHaveAll(): void {
    const recorded = this.#history.command(this.#next);
    if (recorded === undefined) return;
    throw new DeterminismError(
      `this run ended after ${this.#next} commands, but its journal has ${this.#history.commands}, the next one ${shortened(canonical(recorded))}: the code, or what decides, has changed since. Resume it with the version of dsptt that began it, or start again`,
    );
  }

  /** Keep a command that is about to be sent; it is on the disk before its result is. */
  keepCommand<O extends Op>(c: number, op: O, args: Args<O>): void {
    if (c < this.#commandsKept) return; // sent before, to a worker that is gone
    this.#commandsKept = c + 1;
    this.#append({ kind: 'command', c, ...describe(op, args) }, true);
  }

  /** Keep a result. @returns its digest, and a promise that is fulfilled once it is on the disk */
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

  /** The answer that the journal keeps. @throws JournalError when its arrays are damaged */
  async stored<O extends Op>(c: number, op: O, tensors: NonNullable<ResultRecord['tensors']>): Promise<Answer<O>> {
    const { fields } = this.#history.result(c) ?? { fields: {} };
    this.#noteDevice(op, fields);
    const arrays: Record<string, TypedArray> = {};
    for (const [name, ref] of Object.entries(tensors)) arrays[name] = await this.#journal.read(ref);
    this.#secondsReplayed = Math.max(this.#secondsReplayed, this.#history.secondsAt(c));
    return assembleAnswer(op, fields, arrays);
  }

  /** Note that a worker was replaced. */
  keepRestart(reason: string): void {
    this.#append({ kind: 'restart', reason });
  }

  /** Note that this process has taken the run up, as soon as it has something to add to it. */
  keepIncarnation(versions: Readonly<Record<string, string>>): void {
    this.#taking = { kind: 'incarnation', pid: process.pid, versions };
  }

  /** Until everything kept so far is on the disk. @throws JournalError when it cannot be written */
  async synced(): Promise<void> {
    await this.#journal.flush();
    await this.#lastWrite;
  }

  /** Seconds that the run has taken in all its processes; while it is replayed, what it had taken by then. */
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
    this.#lastWrite.catch(() => {}); // the next result fails with the same error, and is waited for
  }
}

type Note = Unplaced<JournalRecord>;

/** SHA-256 of an answer. */
export function digestOf(
  fields: Readonly<Record<string, unknown>>,
  arrays: Readonly<Record<string, TypedArray>>,
): string {
  return sha256(canonical({ fields, arrays: hashes(arrays) }));
}

/** A command as the journal keeps it. */
export function describe<O extends Op>(op: O, args: Args<O>): Described {
  const { fields, arrays } = takeApart(args);
  return { op, args: op === 'open' ? withoutPlace(fields) : { ...fields }, tensors: hashes(arrays) };
}

/** Where data lie makes no difference to a run. */
function withoutPlace(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { dataset } = fields;
  return { ...fields, dataset: typeof dataset === 'object' ? { ...dataset, dir: null } : dataset };
}

function hashes(arrays: Readonly<Record<string, TypedArray>>): Described['tensors'] {
  const hash = (array: TypedArray) => ({
    dtype: dtypeOf(array),
    length: array.length,
    sha256: sha256(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  });
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, hash(array)]));
}

/** @throws DeterminismError when a command is not the one that the journal has at its place */
export function mustEqual(c: number, { op, args, tensors }: CommandRecord, now: Described): void {
  const [recorded, given] = [canonical({ op, args, tensors }), canonical(now)];
  if (recorded === given) return;
  throw new DeterminismError(
    `command ${c} of this run is not the one that its journal has: the code, or what decides, has changed since. ` +
      `The journal has ${shortened(recorded)}, now it is ${shortened(given)}. Nothing was changed; resume it with the version of dsptt that began it, or start again`,
  );
}

const SHOWN = 600;

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)} ...` : text;
}
