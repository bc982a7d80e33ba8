import { plain } from '../report/printable';
import { summary } from '../report/summary';
import { ensemblesTable, membersTable } from '../report/tables';
import type { Result } from '../store/result';

/** Prints the result of a run on standard output. */
export function printRun(result: Result, out: string, { json }: { readonly json?: boolean }): void {
  const text = json
    ? JSON.stringify(result, null, 2)
    : `${membersTable(result)}\n\n${ensemblesTable(result)}\n\n${plain(summary(result))}\nFiles: ${out}`;
  process.stdout.write(`${text}\n`);
}
