import { ShortfallError } from '../errors';
import { summary } from '../report/summary';
import { ensemblesTable, membersTable } from '../report/tables';
import { wrapped } from '../report/wrap';
import { calibrationWords } from '../run/assess/calibration-words';
import { type Result, resultEnsemble } from '../store/result';

export interface PrintFlags {
  readonly json?: boolean;
  readonly requireMembers?: number;
}

/** The flag of run and resume that makes a shortfall an error. */
export const REQUIRE_MEMBERS = {
  flag: '--require-members <n>',
  help: 'fail, after all is written, if the result has fewer members',
};

/**
 * Prints the result of a run on standard output.
 * @throws ShortfallError when the result's ensemble has fewer members than the flags require
 */
export function printRun(result: Result, out: string, { json, requireMembers = 0 }: PrintFlags): void {
  process.stdout.write(`${json ? JSON.stringify(result, null, 2) : text(result, out)}\n`);
  const { length } = resultEnsemble(result).members;
  if (length >= requireMembers) return;
  const others = result.notices?.filter((notice) => notice !== calibrationWords(resultEnsemble(result)));
  const why = others?.map((notice) => `; ${notice}`).join('') ?? '';
  throw new ShortfallError(
    `the result has ${length} of the ${requireMembers} members that --require-members asks for${why}`,
  );
}

function text(result: Result, out: string): string {
  const sentences = [summary(result), calibrationWords(resultEnsemble(result))].filter((words) => words !== null);
  return `${membersTable(result)}\n\n${ensemblesTable(result)}\n\n${wrapped(sentences.join('\n'))}\nFiles: ${out}`;
}
