import fs from 'node:fs';
import path from 'node:path';
import { TARGETS_FIRST } from '../../src/run/durable/flags';
import { decodeLine, encodeLine, type JournalRecord } from '../../src/store/journal/record';
import type { Result } from '../../src/store/result';

/** The finished runs on networks that are kept: VERSION/NAME. */
export function keptRuns(): string[] {
  return allKept().filter((name) => has(name, 'journal.jsonl') && has(name, 'result.json'));
}

/** The kept runs that were interrupted in the middle. Each has a finished run of the same settings beside it. */
export function cutRuns(): string[] {
  return allKept().filter((name) => has(name, 'journal.jsonl') && !has(name, 'result.json'));
}

/** The kept runs on closed-form objectives. */
export function keptClosedForms(): string[] {
  return allKept().filter((name) => !has(name, 'journal.jsonl'));
}

/** The finished run of the same settings as a cut one. */
export function finishedOf(cut: string): string {
  return cut.replace(/-cut$/, '');
}

function allKept(): string[] {
  const versions = fs.readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return versions.flatMap(({ name }) => fs.readdirSync(path.join(__dirname, name)).map((run) => path.join(name, run)));
}

const has = (name: string, file: string) => fs.existsSync(path.join(keptRun(name), file));

/** Steps that a run made: the budget counts those of a network that was given, too. */
export function stepsMade({ budget, members }: Result): number {
  return budget.steps - (members[0].state === 'given' ? budget.tier0 : 0);
}

/** Where a kept run lies; nothing may be changed there. */
export function keptRun(name: string): string {
  return path.join(__dirname, name);
}

/** A copy of a kept run in a directory, as it was before it had finished. */
export function unfinishedCopy(name: string, below: string): string {
  const copy = fs.mkdtempSync(path.join(below, 'run-'));
  fs.cpSync(keptRun(name), copy, { recursive: true });
  fs.rmSync(path.join(copy, 'result.json'), { force: true });
  return copy;
}

/** The records of a run whose journal is of before flag 1, as they would be had it begun with it: targets come first. */
export function withTargetsFirst(run: string): string {
  const records = recordsOf(run);
  const isCommand = (record: JournalRecord) => record.kind === 'command';
  const commands = records.filter(isCommand);
  const asked = commands.filter(({ op }) => op === 'targets').map(({ c }) => c);
  const first = commands.find(({ op, args }) => op === 'evaluate' && args.split === 'train')?.c ?? 0;
  const numbered = new Map<number, number>(asked.map((c, k) => [c, first + k]));
  for (const { c } of commands) {
    if (c >= first && !asked.includes(c)) numbered.set(c, c + asked.filter((other) => other > c).length);
  }
  const moved = records.map((record) => {
    if (record.kind === 'header') return { ...record, flags: [TARGETS_FIRST] };
    if (record.kind !== 'command' && record.kind !== 'result') return record;
    return { ...record, c: numbered.get(record.c) ?? record.c };
  });
  const isTargets = (record: JournalRecord) =>
    (record.kind === 'command' || record.kind === 'result') && record.c >= first && record.c < first + asked.length;
  const rest = moved.filter((record) => !isTargets(record));
  const at = rest.findIndex((record) => record.kind === 'command' && record.c >= first);
  rewrite(run, [...rest.slice(0, at), ...moved.filter(isTargets), ...rest.slice(at)]);
  return run;
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
