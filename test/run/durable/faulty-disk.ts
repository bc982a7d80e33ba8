import { setTimeout as pause } from 'node:timers/promises';
import { type Disk, type DiskFile, nodeDisk } from '../../../src/store/disk/disk';

export const CALLS = ['open', 'write', 'truncate', 'sync', 'rename', 'syncDirectory', 'remove'] as const;
export type Call = (typeof CALLS)[number];

export interface Fault {
  /** The k-th call of this kind, from 1, has it. */
  readonly call: Call;
  readonly at: number;
  /** What it ends with; `torn`: half of the bytes are written first; `late`: it only takes its time. */
  readonly how: 'ENOSPC' | 'EIO' | 'torn' | 'late';
  /** Whether every later call of the kind fails too. */
  readonly persists: boolean;
}

const LATE_MS = 20;

/** The machine's file system, but for one fault. */
export class FaultyDisk implements Disk {
  /** Whether a call has had the fault. */
  hasFailed = false;
  /** Files that are open. */
  openFiles = 0;
  readonly #fault: Fault;
  #calls = 0;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  async open(path: string): Promise<DiskFile> {
    await this.#call('open', path);
    const file = await nodeDisk.open(path);
    this.openFiles += 1;
    return {
      write: async (bytes, position) => {
        const tear = () => file.write(bytes.subarray(0, bytes.length >> 1), position);
        await this.#call('write', path, tear);
        await file.write(bytes, position);
      },
      truncate: async (bytes) => {
        await this.#call('truncate', path);
        await file.truncate(bytes);
      },
      sync: async () => {
        await this.#call('sync', path);
        await file.sync();
      },
      close: async () => {
        this.openFiles -= 1;
        await file.close();
      },
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#call('rename', from);
    await nodeDisk.rename(from, to);
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#call('syncDirectory', path);
    await nodeDisk.syncDirectory(path);
  }

  async remove(path: string): Promise<void> {
    await this.#call('remove', path);
    await nodeDisk.remove(path);
  }

  async #call(call: Call, path: string, tear: () => Promise<void> = async () => {}): Promise<void> {
    const { at, how, persists } = this.#fault;
    if (call !== this.#fault.call) return;
    this.#calls += 1;
    if (persists ? this.#calls < at : this.#calls !== at) return;
    this.hasFailed = true;
    if (how === 'late') {
      await pause(LATE_MS);
      return;
    }
    if (how === 'torn') await tear();
    const code = how === 'torn' ? 'ENOSPC' : how;
    throw Object.assign(new Error(`${code}: the disk does not take it, ${call} '${path}'`), { code });
  }
}
