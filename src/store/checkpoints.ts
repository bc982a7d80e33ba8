import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { JournalError } from '../errors';
import { cannotWrite, type Disk } from './disk/disk';
import { ensureDirectory, writeWhole } from './disk/files';
import { sha256 } from './journal/arrays';
import { sealed, unsealed } from './journal/canonical';
import { killPoint } from './kill-point';

const count = z.int().nonnegative();
const state = z.strictObject({
  kind: z.enum(['point', 'path']),
  name: z.string().min(1),
  /** Number of the last command that changed it. */
  version: count,
  /** File in `checkpoints/states`; the pattern lets no name lead elsewhere. */
  file: z.string().regex(/^[0-9a-f]{16}-\d+\.safetensors$/),
  sha256: z.string(),
});

/** Complete state of the executor after the commands before `position`. */
const checkpoint = z.strictObject({ schema: z.literal(1), position: count, states: z.array(state) });

export type CheckpointState = z.infer<typeof state>;
export type Checkpoint = z.infer<typeof checkpoint>;

const KEPT = 2;
const MANIFEST = /^(\d+)\.json$/;

/**
 * The checkpoints of a run directory: one manifest each, and the state files that they share, one for each change of a
 * point.
 */
export class Checkpoints {
  readonly #directory: string;
  readonly #disk: Disk;

  constructor(run: string, disk: Disk) {
    this.#directory = join(run, 'checkpoints');
    this.#disk = disk;
  }

  /**
   * Returns the newest checkpoint at or before a position all of whose files are intact; null if there is none.
   * @param onDamaged called with a message for each checkpoint that is skipped
   */
  async newest(position: number, onDamaged: (message: string) => void): Promise<Checkpoint | null> {
    const reached = (await this.#positions()).filter((one) => one <= position);
    for (const [k, at] of reached.entries()) {
      try {
        const found = await this.#manifest(at);
        for (const entry of found.states) await this.read(entry);
        return found;
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        const isLast = k === reached.length - 1;
        const instead = isLast
          ? 'there is none before it: the run is resumed from its start'
          : 'the checkpoint before it is taken';
        onDamaged(`${error.message}; ${instead}`);
      }
    }
    return null;
  }

  /** Reads the bytes of a state. @throws JournalError if they do not match their hash */
  async read({ file, sha256: expected }: CheckpointState): Promise<Buffer> {
    const path = join(this.#directory, 'states', file);
    const bytes = await readOr(path);
    if (sha256(bytes) !== expected) throw new JournalError(`${path} is damaged: its sha256 is not the checkpoint's`);
    return bytes;
  }

  /**
   * Writes a checkpoint, then removes the files that the newest two do not need.
   * @param fresh bytes of the states, by file, that are not on the disk yet
   * @throws JournalError if the disk fails
   */
  async write(made: Checkpoint, fresh: ReadonlyMap<string, Uint8Array>): Promise<void> {
    try {
      await this.#write(made, fresh);
    } catch (cause) {
      throw cannotWrite(this.#path(made.position), cause);
    }
  }

  async #write(made: Checkpoint, fresh: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const manifest = sealed(checkpoint.parse(made));
    const states = join(this.#directory, 'states');
    await ensureDirectory(states);
    for (const [file, bytes] of fresh) await writeWhole(join(states, file), bytes, this.#disk);
    killPoint('checkpoint.afterStates');
    killPoint('checkpoint.beforeRename');
    await writeWhole(this.#path(made.position), manifest, this.#disk);
    killPoint('checkpoint.afterRename');
    await this.#removeAllBut(made.position);
  }

  /**
   * Keeps the newest two readable manifests up to a position: later ones belong to a course that the run did not take.
   */
  async #removeAllBut(last: number): Promise<void> {
    const needed = new Set<string>();
    let kept = 0;
    for (const position of await this.#positions()) {
      const found = position > last || kept === KEPT ? null : await this.#manifest(position).catch(() => null);
      if (found === null) {
        await this.#disk.remove(this.#path(position));
        continue;
      }
      kept += 1;
      for (const { file } of found.states) needed.add(file);
    }
    for (const file of await readdir(this.#directory)) {
      if (file.endsWith('.part')) await this.#disk.remove(join(this.#directory, file)); // left by a process that died
    }
    for (const file of await readdir(join(this.#directory, 'states'))) {
      if (!needed.has(file)) await this.#disk.remove(join(this.#directory, 'states', file));
    }
  }

  async #manifest(position: number): Promise<Checkpoint> {
    const path = this.#path(position);
    const checked = checkpoint.safeParse(unsealed(await readOr(path)));
    if (!checked.success || checked.data.position !== position) throw new JournalError(`${path} is damaged`);
    return checked.data;
  }

  /** Returns the positions of all checkpoints, the newest first. */
  async #positions(): Promise<number[]> {
    if (!existsSync(this.#directory)) return [];
    const names = await readdir(this.#directory);
    const positions = names.flatMap((name) => MANIFEST.exec(name)?.[1] ?? []).map(Number);
    return positions.sort((a, b) => b - a);
  }

  #path(position: number): string {
    return join(this.#directory, `${position}.json`);
  }
}

/** Returns the file name of the state of a point or path after the command `version`. */
export function stateFile({ kind, name, version }: Pick<CheckpointState, 'kind' | 'name' | 'version'>): string {
  return `${sha256(`${kind}/${name}`).slice(0, 16)}-${version}.safetensors`;
}

async function readOr(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new JournalError(`cannot read ${path}`, { cause });
  }
}
