import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Config, configSchema } from '../config/schema';
import { DataError, UsageError } from '../errors';
import type { Trace } from '../methods/method';
import { makeDirectory, writeWhole } from './files';
import { encodeNpy, KEPT_SPLITS, type KeptSplit, outputsFile, TARGETS } from './outputs';
import { type Result, resultSchema } from './result';

/**
 * A run's folder: config.json, members/, traces/, outputs/ and, last of all, result.json. A folder without result.json holds a run
 * that has not finished.
 */
export class RunDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Make a new run directory with its configuration.
   * @throws UsageError when it exists.
   */
  static async create(path: string, config: Config): Promise<RunDirectory> {
    if (existsSync(path))
      throw new UsageError(`${path} exists already: name another directory with --out, or remove it`);
    await makeDirectory(resolve(path));
    await mkdir(join(path, 'members'));
    await mkdir(join(path, 'traces'));
    await mkdir(join(path, 'outputs'));
    for (const split of KEPT_SPLITS) await mkdir(join(path, 'outputs', split));
    const directory = new RunDirectory(resolve(path));
    await directory.#write('config.json', json(config));
    return directory;
  }

  /** Write a member's file; answers its name in the directory. */
  async saveMember(name: string, file: Uint8Array): Promise<string> {
    const path = `members/${name}.safetensors`;
    await this.#write(path, file);
    return path;
  }

  /** Write what a network answered on a split, [samples, columns], or the split's targets, as a .npy file. */
  async saveOutputs(split: KeptSplit, name: string, values: Float32Array, columns: number): Promise<void> {
    await this.#write(outputsFile(split, name), name === TARGETS ? encodeNpy(values) : encodeNpy(values, columns));
  }

  /** Write what happened at every step as CSV, one file a phase. */
  async saveTraces(traces: readonly Trace[]): Promise<void> {
    for (const { name, columns } of traces) await this.#write(`traces/${name}.csv`, csv(columns));
  }

  /** Write the result, checked: from now on the run counts as finished. */
  async finish(result: Result): Promise<void> {
    await this.#write('result.json', json(resultSchema.parse(result)));
  }

  /** Remove the directory of a run that failed, so that nothing looks complete that is not. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  #write(name: string, content: string | Uint8Array): Promise<void> {
    return writeWhole(join(this.path, name), content);
  }
}

/**
 * Read the configuration with which a run was made.
 * @throws DataError when it is missing or damaged
 */
export async function readConfig(path: string): Promise<Config> {
  const file = join(path, 'config.json');
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new DataError(`${path} is no run directory: cannot read config.json`, { cause });
  }
  const checked = configSchema.safeParse(raw);
  if (checked.success) return checked.data;
  throw new DataError(`${file} is not a configuration of this version: ${checked.error.issues[0].message}`);
}

/**
 * Read a finished run's result, and check that its members' files are the ones it speaks of.
 * @throws DataError when there is no result, or it or a member is damaged.
 */
export async function readResult(path: string): Promise<Result> {
  const file = join(path, 'result.json');
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new DataError(`${path} holds no finished run: cannot read result.json`, { cause });
  }
  const checked = resultSchema.safeParse(raw);
  if (!checked.success) throw new DataError(`${file} is not a result of schema 1: ${checked.error.issues[0].message}`);
  for (const { file: member, sha256 } of checked.data.members) {
    if (member === null) continue;
    const got = createHash('sha256')
      .update(await readMember(join(path, member)))
      .digest('hex');
    if (got !== sha256)
      throw new DataError(`${join(path, member)} is not the file that ${file} speaks of (sha256 ${got})`);
  }
  return checked.data;
}

async function readMember(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new DataError(`cannot read the member ${path}`, { cause });
  }
}

/** The first of NAME, NAME-2, NAME-3 ... that does not exist yet. */
export function freeDirectory(name: string): string {
  for (let k = 1; ; k += 1) {
    const path = k === 1 ? name : `${name}-${k}`;
    if (!existsSync(path)) return path;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function csv(columns: Trace['columns']): string {
  const names = Object.keys(columns);
  const values = Object.values(columns);
  const rows = Array.from(values[0], (_, i) => values.map((column) => column[i]).join(','));
  return `${[names.join(','), ...rows].join('\n')}\n`;
}
