import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AnalyticConfig } from '../config/closed-form';
import type { Config } from '../config/schema';
import { DataError } from '../errors';
import { parseJournal } from './journal/parse';
import type { Header, JournalRecord } from './journal/record';
import { isOptimaRun, type OptimaResult, readAnalyticConfig, readOptima } from './optima';
import type { Result } from './result';
import { isFinished, readConfig, readResult } from './run-directory';

/** What the worker said of data and device when the run was opened; more may stand beside it. */
const openedSchema = z.object({
  parameters: z.int(),
  stepsPerEpoch: z.int(),
  samples: z.record(z.string(), z.int()),
  classes: z.array(z.string()),
  device: z.string(),
  deviceName: z.string(),
  threads: z.int(),
});
export type Opened = z.infer<typeof openedSchema>;

/** A directory of a run on networks, as far as it has got. */
export interface NetworkRecord {
  readonly kind: 'network';
  readonly path: string;
  readonly config: Config;
  /** Null where the journal has not begun, or is not kept. */
  readonly header: Header | null;
  /** Every command so far, and its result where there is one. */
  readonly records: readonly JournalRecord[];
  /** Null until the data are loaded. */
  readonly opened: Opened | null;
  /** Null while the run has not finished. */
  readonly result: Result | null;
  readonly times: Times;
}

/** A directory of a run on a closed-form objective, which is only ever there once it has finished. */
export interface OptimaRecord {
  readonly kind: 'optima';
  readonly path: string;
  readonly config: AnalyticConfig;
  readonly result: OptimaResult;
  readonly times: Times;
}

export type RunRecord = NetworkRecord | OptimaRecord;

/** When files were written, in ms since 1970 as the file system has it: copying may have changed it. */
export interface Times {
  /** Of config.json, with which a run begins. */
  readonly begun: number;
  /** Of result.json, or of the journal while there is none. */
  readonly written: number;
}

/**
 * Read a run directory as far as the run has got; nothing is changed there, and its process may still be writing.
 * @throws DataError when it is no run directory, of a newer version, or result, outputs or members are damaged;
 *   JournalError when its journal is
 */
export async function readRun(path: string): Promise<RunRecord> {
  if (!existsSync(path)) throw new DataError(`${path} is no run directory: there is nothing of that name`);
  if (!existsSync(join(path, 'config.json'))) {
    throw new DataError(`${path} is no run directory: it has no config.json`);
  }
  if (await isOptimaRun(path)) {
    const [config, result] = [await readAnalyticConfig(path), await readOptima(path)];
    return { kind: 'optima', path, config, result, times: await timesOf(path, 'result.json') };
  }
  return readNetworkRun(path);
}

async function readNetworkRun(path: string): Promise<NetworkRecord> {
  const config = await readConfig(path);
  const result = isFinished(path) ? await readResult(path) : null;
  const journal = join(path, 'journal.jsonl');
  const bytes = existsSync(journal) ? await readFile(journal) : Buffer.alloc(0);
  const { records } = parseJournal(journal, bytes);
  const [first] = records;
  return {
    kind: 'network',
    path,
    config,
    header: first?.kind === 'header' ? first : null,
    records,
    opened: openedIn(records),
    result,
    times: await timesOf(path, result === null ? 'journal.jsonl' : 'result.json'),
  };
}

/** A run opens its data with its first command. */
function openedIn(records: readonly JournalRecord[]): Opened | null {
  for (const record of records) {
    if (record.kind === 'result' && record.c === 0) return openedSchema.safeParse(record.fields).data ?? null;
  }
  return null;
}

async function timesOf(path: string, last: string): Promise<Times> {
  const begun = (await stat(join(path, 'config.json'))).mtimeMs;
  const file = join(path, last);
  return { begun, written: existsSync(file) ? (await stat(file)).mtimeMs : begun };
}
