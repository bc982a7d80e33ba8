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

/** Data and device that the worker reported when the run was opened; other fields are allowed. */
const openedSchema = z.object({
  parameters: z.int(),
  stepsPerEpoch: z.int(),
  samples: z.record(z.string(), z.int()),
  classes: z.array(z.string()),
  device: z.string(),
  deviceName: z.string(),
  threads: z.int(),
  notices: z.array(z.string()).default([]),
});
export type Opened = z.infer<typeof openedSchema>;

/** Run directory of a run on networks, as far as the run has got. */
export interface NetworkRecord {
  readonly kind: 'network';
  readonly path: string;
  readonly config: Config;
  /** Null if the journal has not begun, or is not kept. */
  readonly header: Header | null;
  /** Every command so far, and its result if there is one. */
  readonly records: readonly JournalRecord[];
  /** Null until the data are loaded. */
  readonly opened: Opened | null;
  /** Null while the run has not finished. */
  readonly result: Result | null;
  readonly times: Times;
}

/** Run directory of a run on a closed-form objective; it exists only after the run has finished. */
export interface OptimaRecord {
  readonly kind: 'optima';
  readonly path: string;
  readonly config: AnalyticConfig;
  readonly result: OptimaResult;
  readonly times: Times;
}

export type RunRecord = NetworkRecord | OptimaRecord;

/** Modification times of files, in ms since 1970 as the file system reports them: copying may have changed them. */
export interface Times {
  /** Time of config.json, with which a run begins. */
  readonly begun: number;
  /** Time of result.json, or of the journal while there is no result. */
  readonly written: number;
}

/**
 * Reads a run directory without changing it; the run may be unfinished, and its process may still be writing.
 * @throws DataError if it is not a run directory, is of a newer version, or its result, outputs or members are damaged
 * @throws JournalError if its journal is damaged
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

/** Finds the result of a run's first command, which opens its data; null if there is none yet. */
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
