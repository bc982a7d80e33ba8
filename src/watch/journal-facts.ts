import { z } from 'zod';
import { stepsOf } from '../run/durable/growing-history';
import type { CommandRecord, JournalRecord, ResultRecord } from '../store/journal/record';
import type { Measures } from './live-view';

const evaluation = z.object({ point: z.string(), split: z.enum(['train', 'validation', 'test']) });
const measured = z.object({ loss: z.number(), errorPct: z.number().nullable() });

/** Period over which the speed is measured, in seconds. */
const RECENT = 10;

type Splits = Partial<Record<'train' | 'validation' | 'test', z.infer<typeof measured>>>;

/** Facts of a journal that do not depend on the method: steps, time, and measurements of networks. */
export class JournalFacts {
  readonly #commands: CommandRecord[] = [];
  readonly #measured = new Map<string, Splits>();
  /** Steps done at recent times (seconds) of the current process. */
  #recent: { readonly t: number; readonly steps: number }[] = [];
  #process = 0;
  #secondsBefore = 0;
  #seconds = 0;
  #steps = 0;

  add(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'command') this.#commands.push(record);
      if (record.kind === 'result') this.#answered(record);
    }
  }

  /** Steps whose results have been recorded. */
  get steps(): number {
    return this.#steps;
  }

  /** Seconds of work in all processes of the run. */
  get seconds(): number {
    return this.#secondsBefore + this.#seconds;
  }

  /** Speed over the last seconds; null before there are two results. */
  get stepsPerSecond(): number | null {
    const [first, last] = [this.#recent[0], this.#recent.at(-1)];
    if (first === undefined || last === undefined || last.t <= first.t) return null;
    return (last.steps - first.steps) / (last.t - first.t);
  }

  /** Operation of the last command; null before the first. */
  get doing(): string | null {
    return this.#commands.at(-1)?.op ?? null;
  }

  /** Returns the measurements of each measured network. @param isSquared true if the loss is a squared error */
  measures(isSquared: boolean): Map<string, Measures> {
    return new Map([...this.#measured].map(([point, splits]) => [point, measuresOf(splits, isSquared)]));
  }

  #answered({ c, t, w, fields }: ResultRecord): void {
    const command = this.#commands[c];
    if (command === undefined) return;
    if (w !== this.#process) {
      [this.#secondsBefore, this.#process] = [this.#secondsBefore + this.#seconds, w];
      this.#recent = [];
    }
    this.#seconds = t;
    this.#steps += stepsOf(command);
    this.#recent.push({ t, steps: this.#steps });
    while (this.#recent.length > 2 && this.#recent[1].t < t - RECENT) this.#recent.shift();
    if (command.op === 'evaluate') this.#evaluated(command.args, fields);
  }

  #evaluated(args: CommandRecord['args'], fields: ResultRecord['fields']): void {
    const [asked, answer] = [evaluation.safeParse(args).data, measured.safeParse(fields).data];
    if (asked === undefined || answer === undefined) return;
    this.#measured.set(asked.point, { ...this.#measured.get(asked.point), [asked.split]: answer });
  }
}

function measuresOf({ train, validation, test }: Splits, isSquared: boolean): Measures {
  const rmse = (loss: number | undefined) => (loss === undefined || !isSquared ? null : Math.sqrt(loss));
  return {
    trainLoss: train?.loss ?? null,
    validationErrorPct: validation?.errorPct ?? null,
    validationLoss: validation?.loss ?? null,
    validationRmse: rmse(validation?.loss),
    testErrorPct: test?.errorPct ?? null,
    testLoss: test?.loss ?? null,
    testRmse: rmse(test?.loss),
  };
}
