import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { type Config, configSchema } from '../config/schema';
import { DataError, UsageError } from '../errors';
import type { Trace } from '../methods/method';
import { csvOfColumns } from './disk/csv';
import { cannotWrite, type Disk, nodeDisk } from './disk/disk';
import { ensureDirectory, writeWhole } from './disk/files';
import { fromJournal, jsonText, RESTORE, readJson } from './disk/json-file';
import { encodeNpy } from './disk/npy';
import { sha256 } from './journal/arrays';
import { mustBeKnown } from './known-schema';
import { type MadeIn, madeInSchema, namesPlaces } from './made-in';
import { KEPT_SPLITS, type KeptSplit, outputsFile, TARGETS } from './outputs';
import { type Result, resultSchema } from './result';
import { type Samples, samplesSchema } from './samples';

/** File names of the user-supplied tier-0 network: of one of `torch.save`, and of safetensors. */
export const TIER0_FILES = ['tier0.pt', 'tier0.safetensors'] as const;
const CONFIG_FILE = 'config.json';
const SAMPLES_FILE = 'data.json';
/** config.json: the configuration, and the place where it was stated. */
export const storedConfigSchema = configSchema.extend({ madeIn: madeInSchema.optional() });
/** Names that may exist in a run directory before its run has begun. */
const BEGINNING = /^(members|traces|outputs|journal\.\w+|config\.json\.part|tier0\.safetensors(\.part)?|\.lock.*)$/;

/**
 * Folder of a run: journal.jsonl, config.json, checkpoints/, members/, traces/, outputs/, data.json and, written last,
 * result.json. Without config.json the run has not begun; without result.json it has not finished.
 */
export class RunDirectory {
  readonly path: string;

  readonly #disk: Disk;

  private constructor(path: string, disk: Disk) {
    this.path = path;
    this.#disk = disk;
  }

  /**
   * Creates the directory of a run that is about to begin. Removes what is left of an earlier process that died before
   * its run had begun.
   * @throws UsageError if the directory holds something else already
   */
  static async create(path: string, disk: Disk = nodeDisk): Promise<RunDirectory> {
    mustBeRunOrFree(path);
    if (hasBegun(path)) throw new UsageError(`${path} exists already: name another directory with --out, or remove it`);
    const left = existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith('.lock')) : [];
    for (const name of left) await rm(join(path, name), { recursive: true });
    return RunDirectory.open(path, disk);
  }

  /** Opens the directory at a path, and creates the folders that are missing. */
  static async open(path: string, disk: Disk = nodeDisk): Promise<RunDirectory> {
    for (const folder of ['members', 'traces', 'outputs', ...KEPT_SPLITS.map((split) => join('outputs', split))]) {
      await ensureDirectory(resolve(path, folder));
    }
    return new RunDirectory(resolve(path), disk);
  }

  /**
   * Writes the configuration: from now on the directory holds a run, which can be resumed. The current folder is kept
   * with it if it names files or folders.
   */
  async saveConfig(config: Config): Promise<void> {
    const madeIn: MadeIn = { folder: process.cwd(), run: this.path };
    await this.#write(CONFIG_FILE, jsonText(namesPlaces(config) ? { ...config, madeIn } : config));
  }

  /** Writes a member's file; returns its name in the directory. */
  async saveMember(name: string, file: Uint8Array): Promise<string> {
    const path = `members/${name}.safetensors`;
    await this.#write(path, file);
    return path;
  }

  /** Writes the outputs of a network on a split, [samples, columns], or the split's targets, one or several a sample, as a .npy file. */
  async saveOutputs(split: KeptSplit, name: string, values: Float32Array, columns: number): Promise<void> {
    await this.#write(
      outputsFile(split, name),
      encodeNpy(values, name === TARGETS && columns === 1 ? [values.length] : [values.length / columns, columns]),
    );
  }

  /** Writes traces as CSV with a row a step, one file a phase. */
  async saveTraces(traces: readonly Trace[]): Promise<void> {
    for (const { name, columns } of traces) await this.#write(`traces/${name}.csv`, csvOfColumns(columns));
  }

  /** Writes the description of the run's samples, for later users of its networks; returns the file's SHA-256. */
  async saveSamples(samples: Samples): Promise<string> {
    const content = Buffer.from(jsonText(samplesSchema.parse(samples)));
    await this.#write(SAMPLES_FILE, content);
    return sha256(content);
  }

  /** Keeps the user-supplied tier-0 network, so that the run can be resumed without its file. */
  async saveTier0(file: Uint8Array): Promise<void> {
    const isSafetensors = file[8] === 0x7b; // the brace after the length of its header
    await this.#write(TIER0_FILES[Number(isSafetensors)], file);
  }

  /** Writes the validated result: from now on the run counts as finished, and its checkpoints are not needed. */
  async finish(result: Result): Promise<void> {
    await this.#write('result.json', jsonText(resultSchema.parse(result)));
    await removeCheckpoints(this.path);
  }

  /** Removes the directory of a failed run, so that nothing incomplete looks complete. */
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
 * Reads the configuration of a run.
 * @throws DataError if the configuration is missing or damaged
 */
export async function readConfig(path: string): Promise<Config> {
  const { madeIn: _, ...config } = await readStored(path);
  return config;
}

/**
 * Reads where the paths of a run's configuration started; null if it names none, or an earlier version wrote it.
 * @throws DataError if the configuration is missing or damaged
 */
export async function readMadeIn(path: string): Promise<MadeIn | null> {
  return (await readStored(path)).madeIn ?? null;
}

async function readStored(path: string): Promise<z.infer<typeof storedConfigSchema>> {
  const file = join(path, CONFIG_FILE);
  if (!existsSync(file)) throw new DataError(`${path} is no run directory: it has no config.json`);
  const checked = storedConfigSchema.safeParse(await readJson(file, RESTORE));
  if (checked.success) return checked.data;
  throw new DataError(`${file} is not a configuration of this version: ${checked.error.issues[0].message}`);
}

/**
 * Reads a finished run's result, and checks its members' files against their hashes.
 * @throws DataError if there is no result, or if it or a member is damaged
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

/** True if a directory holds a run that has begun, and so can be resumed. */
export function hasBegun(path: string): boolean {
  return existsSync(join(path, CONFIG_FILE));
}

/**
 * Checks that a run can be created or resumed at a path: it is free, holds a run, or holds what is left of a process
 * that died before its run had begun.
 * @throws UsageError if the path holds something else
 */
export function mustBeRunOrFree(path: string): void {
  if (!existsSync(path) || hasBegun(path)) return;
  const names = statSync(path).isDirectory() ? readdirSync(path) : [path];
  if (names.every((name) => BEGINNING.test(name))) return;
  throw new UsageError(`${path} exists already, and holds no run: name another directory with --out, or remove it`);
}

/** True if a run has finished. */
export function isFinished(path: string): boolean {
  return existsSync(join(path, 'result.json'));
}

/** True if a run has a description of its samples. */
export function hasSamples(path: string): boolean {
  return existsSync(join(path, SAMPLES_FILE));
}

/** Deletes a finished run's checkpoints (a crash after the result may have left them). */
export async function removeCheckpoints(path: string): Promise<void> {
  await rm(join(path, 'checkpoints'), { recursive: true, force: true });
}

/** Returns the first of NAME, NAME-2, NAME-3 ... that does not exist yet. */
export function freeDirectory(name: string): string {
  for (let k = 1; ; k += 1) {
    const path = k === 1 ? name : `${name}-${k}`;
    if (!existsSync(path)) return path;
  }
}
