import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKER = join(__dirname, '..', '..', 'python', 'dsptt_worker');

/** Names of the worker's data sets or networks, read from the list in its `__init__.py`; a test compares them with Python's. */
export function workerNames(folder: 'data' | 'models'): string[] {
  const text = readFileSync(join(WORKER, folder, '__init__.py'), 'utf8');
  return Array.from(text.matchAll(/^ {4}"([\w-]+)": /gm), ([, name]) => name);
}
