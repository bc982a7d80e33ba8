import fs from 'node:fs';
import { JournalError } from '../../../src/errors';
import { History } from '../../../src/run/durable/history';
import { type Parsed, parseJournal } from '../../../src/store/journal/parse';
import { journalOf, keptRun } from '../../journals/kept';

const NEWLINE = 0x0a;
const PATH = 'runs/a/journal.jsonl';

/** A real journal, and what became of it after damage: the law is that its records are those of its start, or it is refused. */
export class RealJournal {
  readonly bytes: Buffer;
  /** Where its lines begin. */
  readonly starts: readonly number[];
  /** For each number of records, what they are, and what they say of the run. */
  readonly #texts: readonly string[];
  readonly #histories: readonly History[];

  /** @param lines of a kept run's journal; all without it */
  constructor(run: string, lines = Number.POSITIVE_INFINITY) {
    const whole = fs.readFileSync(journalOf(keptRun(run)));
    const breaks = [...whole.entries()].flatMap(([at, byte]) => (byte === NEWLINE ? [at + 1] : []));
    this.starts = [0, ...breaks].slice(0, Math.min(lines, breaks.length));
    this.bytes = whole.subarray(0, breaks[this.starts.length - 1]);
    const { records } = parseJournal(PATH, this.bytes);
    const counts = [...this.starts.keys(), this.starts.length];
    this.#texts = counts.map((count) => JSON.stringify(records.slice(0, count)));
    this.#histories = counts.map((count) => new History(records.slice(0, count)));
  }

  /** The number of the line, from 0, in which a byte lies. */
  lineOf(byte: number): number {
    return this.starts.findLastIndex((start) => start <= byte);
  }

  /**
   * What damaged bytes are read as: the number of records, which are the first ones, or the error that refuses them.
   * @throws anything else
   */
  read(damaged: Buffer): Parsed | JournalError {
    let parsed: Parsed;
    try {
      parsed = parseJournal(PATH, damaged);
    } catch (error) {
      if (error instanceof JournalError && error.message.includes(PATH)) return error;
      throw error;
    }
    const { records } = parsed;
    if (JSON.stringify(records) !== this.#texts[records.length])
      throw new Error('a record is not the one that was written');
    this.#compare(new History(records), records.length);
    return parsed;
  }

  /** Read it cut to a length, which a process that died may have left. @throws when that is not what it was up to there */
  readCut(length: number): void {
    const line = this.lineOf(length);
    const start = length === this.bytes.length ? length : this.starts[line];
    const count = length === this.bytes.length ? this.starts.length : line;
    const torn = start === length ? null : { line: count + 1, byte: start, bytes: length - start };
    const parsed = this.read(this.bytes.subarray(0, length));
    const got = parsed instanceof JournalError ? parsed.message : { ...parsed, records: parsed.records.length };
    const same = { records: count, bytes: start, torn };
    if (JSON.stringify(got) !== JSON.stringify(same)) throw new Error(`cut to ${length}: ${JSON.stringify(got)}`);
  }

  /** Read it with one bit changed. @throws when more is lost than its last line, or the error names another place */
  readFlipped(bit: number): 'lost' | 'refused' {
    const at = bit >> 3;
    const damaged = Buffer.from(this.bytes);
    damaged[at] ^= 1 << (bit & 7);
    const [line, start] = [this.lineOf(at), this.starts[this.lineOf(at)]];
    const end = damaged.indexOf(NEWLINE, start);
    const isLast = end < 0 || end === damaged.length - 1;
    const got = this.read(damaged);
    const place = `is damaged in line ${line + 1}, at byte ${start}:`;
    if (got instanceof JournalError) {
      if (!isLast && got.message.includes(place)) return 'refused';
      throw new Error(`bit ${bit}: ${got.message}, not ${place}`);
    }
    const { torn, records } = got;
    if (isLast && records.length === line && torn?.line === line + 1 && torn.byte === start) return 'lost';
    throw new Error(`bit ${bit}: ${records.length} records and ${JSON.stringify(torn)}`);
  }

  #compare(history: History, records: number): void {
    const same = this.#histories[records];
    const agree = history.answered === same.answered && history.commands === same.commands;
    if (!agree || history.seconds !== same.seconds) throw new Error('the history is not that of the first records');
  }
}
