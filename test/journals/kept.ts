import fs from 'node:fs';
import path from 'node:path';
import { decodeLine, encodeLine, type JournalRecord } from '../../src/store/journal/record';

/** The runs that are kept: VERSION/NAME. */
export function keptRuns(): string[] {
  const versions = fs.readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return versions.flatMap(({ name }) => fs.readdirSync(path.join(__dirname, name)).map((run) => path.join(name, run)));
}

/** Where a kept run lies; nothing may be changed there. */
export function keptRun(name: string): string {
  return path.join(__dirname, name);
}

/** A copy of a kept run in a directory, as it was before it had finished. */
export function unfinishedCopy(name: string, below: string): string {
  const copy = fs.mkdtempSync(path.join(below, 'run-'));
  fs.cpSync(keptRun(name), copy, { recursive: true });
  fs.rmSync(path.join(copy, 'result.json'));
  return copy;
}

export const journalOf = (run: string) => path.join(run, 'journal.jsonl');

/** The records of a run's journal. */
export function recordsOf(run: string): JournalRecord[] {
  const lines = fs.readFileSync(journalOf(run), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const record = decodeLine(Buffer.from(line));
    if (record === null) throw new Error(`a damaged line: ${line}`);
    return record;
  });
}

/** Write a journal with records of one's choice, sealed as if a run had written it. */
export function rewrite(run: string, records: readonly JournalRecord[]): void {
  const lines = records.map((record, n) => encodeLine({ ...record, n }));
  fs.writeFileSync(journalOf(run), lines.join(''));
}
