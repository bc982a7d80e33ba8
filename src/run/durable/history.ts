import { JournalError } from '../../errors';
import type { CommandRecord, JournalRecord, ResultRecord } from '../../store/journal/record';

/** Commands of a journal in order, and their results as far as the run got. */
export class History {
  readonly #commands: readonly CommandRecord[];
  readonly #results = new Map<number, ResultRecord>();
  readonly #seconds = new Map<number, number>();
  /** Number of commands before the first one without a result: the run's state is known up to here. */
  readonly answered: number;
  /** Seconds that the run has taken, up to the last result of each process. */
  readonly seconds: number;

  /** @throws JournalError when commands are missing, or a result has no command or is the second of its command */
  constructor(records: readonly JournalRecord[]) {
    const commands: CommandRecord[] = [];
    let before = 0; // seconds of the processes before the current one
    let [process, last] = [0, 0];
    for (const record of records) {
      if (record.kind === 'command') {
        if (record.c !== commands.length) throw misplaced(record, `command ${record.c}`);
        commands.push(record);
      }
      if (record.kind !== 'result') continue;
      const isFirst = record.c < commands.length && !this.#results.has(record.c);
      if (!isFirst) throw misplaced(record, `the result of command ${record.c}`);
      if (record.w !== process) [before, process] = [before + last, record.w];
      last = record.t;
      this.#results.set(record.c, record);
      this.#seconds.set(record.c, before + last);
    }
    this.#commands = commands;
    this.seconds = before + last;
    let answered = 0;
    while (this.#results.has(answered)) answered += 1;
    this.answered = answered;
  }

  /** Number of recorded commands. */
  get commands(): number {
    return this.#commands.length;
  }

  command(c: number): CommandRecord | undefined {
    return this.#commands[c];
  }

  result(c: number): ResultRecord | undefined {
    return this.#results.get(c);
  }

  /** Returns the time of a command's result, in seconds since the run began; 0 without a result. */
  secondsAt(c: number): number {
    return this.#seconds.get(c) ?? 0;
  }
}

function misplaced({ n }: JournalRecord, what: string): JournalError {
  return new JournalError(
    `record ${n} of the journal is ${what}, which cannot follow; restore the file, or remove the run directory and start again`,
  );
}

/** Returns the number of steps of each point that a recorded command moves; undefined for a command without steps. */
export function commandSteps({ args, tensors }: Pick<CommandRecord, 'args' | 'tensors'>): number | undefined {
  const steps = (tensors.lr ?? tensors.growth)?.length;
  if (steps === undefined || !Array.isArray(args.points)) return steps;
  return steps / args.points.length; // a stack has rates for each of its points
}
