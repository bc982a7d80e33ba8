import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Config, configSchema } from '../config/schema';
import { DataError, UsageError } from '../errors';
import type { Trace } from '../methods/method';
import { csvOfColumns } from './csv';
import { cannotWrite, type Disk, nodeDisk } from './disk';
import { ensureDirectory, writeWhole } from './files';
import { sha256 } from './journal/arrays';
import { fromJournal, jsonText, RESTORE, readJson } from './json-file';
import { mustBeKnown } from './known-schema';
import { encodeNpy, KEPT_SPLITS, type KeptSplit, outputsFile, TARGETS } from './outputs';
import { type Result, resultSchema } from './result';
import { type Samples, samplesSchema } from './samples';

/** Of the network that was given as tier 0. */
export const TIER0_FILE = 'tier0.safetensors';
const CONFIG_FILE = 'config.json';
const SAMPLES_FILE = 'data.json';
/** What there is before a run has begun. */
const BEGINNING = /^(members|traces|outputs|journal\.\w+|config\.json\.part|tier0\.safetensors(\.part)?|\.lock.*)$/;

/**
 * A run's folder: journal.jsonl, config.json, checkpoints/, members/, traces/, outputs/, data.json and, last of all,
 * result.json. A folder without config.json holds a run that has not begun, one without result.json a run that has not finished.
 */
export class RunDirectory {
  readonly path: string;

  readonly #disk: Disk;

  private constructor(path: string, disk: Disk) {
    this.path = path;
    this.#disk = disk;
  }

  /**
   * Make a directory for a run that is about to begin. Where a process died on its way to do so, what it left is removed.
   * @throws UsageError when it holds something else already
   */
  static async create(path: string, disk: Disk = nodeDisk): Promise<RunDirectory> {
    mustBeRunOrFree(path);
    if (hasBegun(path)) throw new UsageError(`${path} exists already: name another directory with --out, or remove it`);
    const left = existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith('.lock')) : [];
    for (const name of left) await rm(join(path, name), { recursive: true });
    return RunDirectory.open(path, disk);
  }

  /** The directory at a path; what is missing of it is made. */
  static async open(path: string, disk: Disk = nodeDisk): Promise<RunDirectory> {
    for (const folder of ['members', 'traces', 'outputs', ...KEPT_SPLITS.map((split) => join('outputs', split))]) {
      await ensureDirectory(resolve(path, folder));
    }
    return new RunDirectory(resolve(path), disk);
  }

  /** Write the configuration: from now on the directory holds a run, which can be resumed. */
  async saveConfig(config: Config): Promise<void> {
    await this.#write(CONFIG_FILE, jsonText(config));
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
    for (const { name, columns } of traces) await this.#write(`traces/${name}.csv`, csvOfColumns(columns));
  }

  /** Write what the run's samples are, for whoever uses its networks; answers the file's SHA-256. */
  async saveSamples(samples: Samples): Promise<string> {
    const content = Buffer.from(jsonText(samplesSchema.parse(samples)));
    await this.#write(SAMPLES_FILE, content);
    return sha256(content);
  }

  /** Keep the network that the user gave as tier 0, so that the run can be resumed without its file. */
  async saveTier0(file: Uint8Array): Promise<void> {
    await this.#write(TIER0_FILE, file);
  }

  /** Write the result, checked: from now on the run counts as finished, and nobody needs its checkpoints. */
  async finish(result: Result): Promise<void> {
    await this.#write('result.json', jsonText(resultSchema.parse(result)));
    await removeCheckpoints(this.path);
  }

  /** Remove the directory of a run that failed, so that nothing looks complete that is not. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  async #write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.path, name);
    await writeWhole(path, content, this.#disk).catch((cause) => {
      throw cannotWrite(path, cause);
    });
  }
}

/**
 * Read the configuration with which a run was made.
 * @throws DataError when it is missing or damaged
 */
export async function readConfig(path: string): Promise<Config> {
  const file = join(path, CONFIG_FILE);
  if (!existsSync(file)) throw new DataError(`${path} is no run directory: it has no config.json`);
  const checked = configSchema.safeParse(await readJson(file, RESTORE));
  if (checked.success) return checked.data;
  throw new DataError(`${file} is not a configuration of this version: ${checked.error.issues[0].message}`);
}

/**
 * Read a finished run's result, and check that its members' files are the ones it speaks of.
 * @throws DataError when there is no result, or it or a member is damaged.
 */
export async function readResult(path: string): Promise<Result> {
  const file = join(path, 'result.json');
  if (!isFinished(path)) throw new DataError(`${path} holds no finished run: it has no result.json`);
  const raw = await readJson(file, fromJournal(path));
  mustBeKnown(file, raw);
  const checked = resultSchema.safeParse(raw);
  if (!checked.success) throw new DataError(`${file} is not a result of schema 1: ${checked.error.issues[0].message}`);
  for (const { file: member, sha256: expected } of checked.data.members) {
    if (member !== null) await checkMember(path, member, expected);
  }
  return checked.data;
}

async function checkMember(path: string, member: string, expected: string | null): Promise<void> {
  const file = join(path, member);
  const content = await readFile(file).catch((cause: Error) => {
    throw new DataError(`cannot read the member ${file} (${cause.message}): ${fromJournal(path)}`, { cause });
  });
  if (sha256(content) === expected) return;
  throw new DataError(`${file} is damaged, its sha256 is not that of result.json: ${fromJournal(path)}`);
}

/** Whether a directory holds a run that has begun: one that can be resumed. */
export function hasBegun(path: string): boolean {
  return existsSync(join(path, CONFIG_FILE));
}

/**
 * A run may be made or resumed at a path that is free, or holds a run, or what a process left that died before its run
 * had begun.
 * @throws UsageError when the path holds something else
 */
export function mustBeRunOrFree(path: string): void {
  if (!existsSync(path) || hasBegun(path)) return;
  const names = statSync(path).isDirectory() ? readdirSync(path) : [path];
  if (names.every((name) => BEGINNING.test(name))) return;
  throw new UsageError(`${path} exists already, and holds no run: name another directory with --out, or remove it`);
}

/** Whether a run has finished. */
export function isFinished(path: string): boolean {
  return existsSync(join(path, 'result.json'));
}

/** Whether a run says what its samples are. */
export function hasSamples(path: string): boolean {
  return existsSync(join(path, SAMPLES_FILE));
}

/** Of a finished run, which needs them no more: its process may have died between its result and this. */
export async function removeCheckpoints(path: string): Promise<void> {
  await rm(join(path, 'checkpoints'), { recursive: true, force: true });
}

/** The first of NAME, NAME-2, NAME-3 ... that does not exist yet. */
export function freeDirectory(name: string): string {
  for (let k = 1; ; k += 1) {
    const path = k === 1 ? name : `${name}-${k}`;
    if (!existsSync(path)) return path;
  }
}
