import fs from 'node:fs';
import path from 'node:path';
import { type Keeper, Supervisor, type SupervisorOptions } from '../../../src/bridge/workers/supervisor';
import type { Config, ConfigInput } from '../../../src/config/schema';
import { TorchExecutor } from '../../../src/executor/torch';
import type { RunEvent } from '../../../src/run/events';
import type { RunOptions } from '../../../src/run/options';
import { type RunHost, runOnce } from '../../../src/run/run-once';
import { sha256 } from '../../../src/store/journal/arrays';
import { decodeLine, encodeLine, type JournalRecord } from '../../../src/store/journal/record';
import type { Result } from '../../../src/store/result';
import { temporaryDirectory, WatchedLauncher } from '../../builders';

/** A run of a second: two descents after a search of three paths, in pieces of ten steps. */
export const SMALL: ConfigInput = { budget: { steps: 250 } };
const CHUNK = 10;

export interface Settings extends Partial<RunOptions> {
  readonly window?: number;
  readonly supervisor?: Keeper;
}

/** A worker under supervision for the tests of a file, and runs on it. It is replaced as often as a test ends it. */
export class DurableRuns {
  readonly directory = temporaryDirectory();
  readonly launcher = new WatchedLauncher();
  #supervisor: Supervisor | undefined;
  #runs = 0;

  constructor(options: SupervisorOptions = {}) {
    beforeAll(async () => {
      this.#supervisor = await Supervisor.start(this.launcher, { maxRestarts: 1000, backOffMs: 0, ...options });
    });
    afterAll(() => this.#supervisor?.close());
  }

  get supervisor(): Supervisor {
    if (this.#supervisor === undefined) throw new Error('runs belong in tests');
    return this.#supervisor;
  }

  /** A run directory that does not exist yet. */
  fresh(): string {
    this.#runs += 1;
    return path.join(this.directory, `run${this.#runs}`);
  }

  killWorker(signal: NodeJS.Signals): void {
    process.kill(this.supervisor.worker.hello.pid, signal);
  }

  /** Run a method in a directory, or go on with the run there; a checkpoint at every occasion unless `settings` say other. */
  run(
    config: Config,
    out: string,
    { window = 3, supervisor = this.supervisor, ...settings }: Settings = {},
  ): Promise<Result> {
    const host: RunHost = { supervisor, chunk: CHUNK, window, open: TorchExecutor.open };
    return runOnce(host, config, { checkpointMinutes: 1e-9, ...settings, out });
  }

  /** Begin a run, and interrupt it where `isThere`. */
  async interrupted(config: Config, isThere: (event: RunEvent) => boolean, settings: Settings = {}): Promise<string> {
    const out = this.fresh();
    await this.interrupt(config, out, isThere, settings);
    return out;
  }

  /** Run or go on, and be interrupted where `isThere`; fails where the run ends otherwise. */
  async interrupt(config: Config, out: string, isThere: (event: RunEvent) => boolean, settings: Settings = {}) {
    const controller = new AbortController();
    const onEvent = once(isThere, () => controller.abort());
    const run = this.run(config, out, { ...settings, signal: controller.signal, onEvent });
    await expect(run).rejects.toMatchObject({ kind: 'InterruptedError' });
  }
}

/** A listener that acts at the first event of a kind. */
export function once(isThere: (event: RunEvent) => boolean, act: () => void): (event: RunEvent) => void {
  let isOver = false;
  return (event) => {
    if (isOver || !isThere(event)) return;
    isOver = true;
    act();
  };
}

/** Places in a DSP-TT run, each told by an event. */
export const PLACES: Readonly<Record<string, (event: RunEvent) => boolean>> = {
  'tier 0': (event) => event.type === 'progress' && event.what === 'tier0' && event.done >= 30,
  'the search': (event) => event.type === 'search',
  'a descent': (event) =>
    event.type === 'progress' && event.program === 'descend' && event.what !== 'tier0' && event.done >= 20,
  'the evaluation': (event) => event.type === 'phase' && event.phase === 'evaluation',
};

/** All that a run leaves and that its seed determines: result.json without timings, every file, and the journal's answers. */
export interface Remains {
  readonly result: unknown;
  readonly files: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
  readonly results: readonly string[];
}

export function remainsOf(out: string): Remains {
  const { timings: _, ...result } = JSON.parse(fs.readFileSync(path.join(out, 'result.json'), 'utf8'));
  const files = hashesOf(out);
  for (const name of Object.keys(files)) if (/^(result\.json|journal\..*)$/.test(name)) delete files[name];
  const records = recordsOf(out);
  const commands = records.flatMap((record) => (record.kind === 'command' ? [record.op] : []));
  const results = records.flatMap((record) => (record.kind === 'result' ? [`${record.c} ${record.digest}`] : []));
  return { result, files, commands, results };
}

/** The files of a run's networks, by name, with their hashes. */
export function membersOf(out: string): [string, string][] {
  return Object.entries(remainsOf(out).files).filter(([name]) => name.startsWith('members'));
}

/** SHA-256 of every file below a directory, by its name there. */
export function hashesOf(directory: string): Record<string, string> {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => fs.statSync(path.join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, sha256(fs.readFileSync(path.join(directory, name)))]));
}

/** The records of a run's journal. */
export function recordsOf(out: string): JournalRecord[] {
  const lines = fs.readFileSync(path.join(out, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const record = decodeLine(Buffer.from(line));
    if (record === null) throw new Error(`a damaged line: ${line}`);
    return record;
  });
}

/** Write the journal again, each line sealed. */
export function writeRecords(out: string, records: readonly JournalRecord[]): void {
  fs.writeFileSync(path.join(out, 'journal.jsonl'), records.map(encodeLine).join(''));
}
