import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../errors';

/**
 * Reads a trace of a run directory: its columns by name, as text, with a cell a step.
 * @throws DataError if the trace is missing, or if a row differs in length from the head
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
 * Returns a numeric column of a trace.
 * @throws DataError if there is no such column, or if it holds anything but numbers
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
