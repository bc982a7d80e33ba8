import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../errors';

/**
 * Read a trace of a run directory: its columns by name, as text, each of a row a step.
 * @throws DataError when it is missing, or its rows are not as long as its head
 */
export async function readTrace(run: string, name: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const path = join(run, 'traces', `${name}.csv`);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new DataError(`cannot read the trace ${path}`, { cause });
  }
  const [head, ...rows] = text.trimEnd().split('\n');
  const names = head.split(',');
  const cells = rows.map((row) => row.split(','));
  if (cells.some((row) => row.length !== names.length)) throw new DataError(`${path} is damaged: a row is too short`);
  return Object.fromEntries(names.map((column, k) => [column, cells.map((row) => row[k])]));
}

/**
 * A column of numbers of a trace.
 * @throws DataError when there is no such column, or it holds something else
 */
export function numbersIn(trace: Readonly<Record<string, readonly string[]>>, column: string): Float64Array {
  const cells = trace[column];
  if (cells === undefined) throw new DataError(`the trace has no column ${column}: it is of an older version`);
  const numbers = Float64Array.from(cells, Number);
  const wrong = cells.findIndex((cell, i) => cell === '' || (Number.isNaN(numbers[i]) && cell !== 'NaN'));
  if (wrong >= 0)
    throw new DataError(`column ${column} of the trace holds no number in row ${wrong + 1}: '${cells[wrong]}'`);
  return numbers;
}
