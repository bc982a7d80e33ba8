import { plain } from '../report/printable';
import { calibrationWords, summary } from '../report/summary';
import { ensemblesTable, membersTable } from '../report/tables';
import { type Result, resultEnsemble } from '../store/result';

/** Prints the result of a run on standard output. */
export function printRun(result: Result, out: string, { json }: { readonly json?: boolean }): void {
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : text(result, out)}\n`);
}

function text(result: Result, out: string): string {
  const sentences = [summary(result), calibrationWords(resultEnsemble(result))].filter((words) => words !== null);
  return `${membersTable(result)}\n\n${ensemblesTable(result)}\n\n${plain(sentences.join('\n'))}\nFiles: ${out}`;
}
