import { mustRoundAlike } from '../bridge/workers/processor';
import type { Keeper } from '../bridge/workers/supervisor';
import type { RunWorker } from '../bridge/workers/worker';
import { withoutPlace } from '../config/difference';
import { lanesOf } from '../config/members';
import type { Config } from '../config/schema';
import { DeterminismError, JournalError } from '../errors';
import { Checkpoints } from '../store/checkpoints';
import type { Disk } from '../store/disk/disk';
import { sha256 } from '../store/journal/arrays';
import { canonical } from '../store/journal/canonical';
import { Journal } from '../store/journal/journal';
import type { Header, Unplaced } from '../store/journal/record';
import { VERSION } from '../version';
import { CheckpointClock, type CheckpointTimes } from './durable/checkpoint-clock';
import { DurableWorker } from './durable/durable-worker';
import { CURRENT_FLAGS } from './durable/flags';
import { History } from './durable/history';
import { Recorder } from './durable/recorder';

export interface DurableRunOptions {
  readonly directory: string;
  readonly config: Config;
  readonly supervisor: Keeper;
  readonly disk: Disk;
  /** Number of commands on the wire of each worker. */
  readonly window: number;
  readonly times: CheckpointTimes;
  /** True if workers are started elsewhere, where the processor may be of another kind. */
  readonly isPlaced?: boolean;
  /** Tier 0 of a new run; undefined for a resumed one, whose journal states it. */
  readonly tier0: Header['tier0'] | undefined;
  readonly onNotice: (message: string) => void;
}

/** A run with its journal open: its durable worker, and the header that it was begun with. */
export interface DurableRun {
  readonly worker: DurableWorker;
  readonly recorder: Recorder;
  readonly clock: CheckpointClock;
  readonly journal: Journal;
  readonly header: Header;
}

/**
 * Opens or creates the journal of a run directory, and the durable worker that answers from it.
 * @throws JournalError when the journal is damaged, or empty though the run has begun; DeterminismError when it is of
 *   another configuration
 */
export async function openDurableRun(options: DurableRunOptions): Promise<DurableRun> {
  const { directory, disk, supervisor, times, onNotice } = options;
  const window = options.window * lanesOf(options.config);
  const journal = await Journal.open(directory, disk);
  const { torn, records } = journal.found;
  if (torn !== null) {
    onNotice(
      `line ${torn.line} of the journal was not written whole (${torn.bytes} bytes from ${torn.byte}) and is left out`,
    );
  }
  const header = journal.header ?? (await begin(journal, options));
  mustFit(header, options);
  const history = new History(records);
  const recorder = new Recorder(journal, history);
  const checkpoints = new Checkpoints(directory, disk);
  const base = await checkpoints.newest(history.answered, onNotice);
  let wasLive = false;
  const onWorker = (worker: RunWorker) => {
    if (options.isPlaced) mustRoundAlike(header.versions.processor, worker.hello, options.config.device);
    if (journal.header === undefined || wasLive) return;
    wasLive = true;
    recorder.keepIncarnation(worker.hello.versions);
    sayOtherVersions(header, worker, onNotice);
    const from = base === null ? 'its start' : `the checkpoint at command ${base.position}`;
    onNotice(`resuming after ${history.answered} recorded commands, from ${from}`);
  };
  const clock = new CheckpointClock(times);
  const worker = new DurableWorker({ recorder, supervisor, checkpoints, base, clock, window, onWorker, onNotice });
  return { worker, recorder, clock, journal, header };
}

async function begin(journal: Journal, { directory, config, supervisor, tier0 }: DurableRunOptions): Promise<Header> {
  if (tier0 === undefined) {
    throw new JournalError(
      `${directory} holds a run, but its journal has no beginning: restore journal.jsonl, or remove the directory and start again`,
    );
  }
  const { versions } = supervisor.worker.hello;
  const header: Unplaced<Header> = {
    kind: 'header',
    schema: 1,
    flags: [...CURRENT_FLAGS],
    config: hashOf(config),
    versions: inOrder({ dsptt: VERSION, node: process.versions.node, ...versions }),
    tier0,
  };
  try {
    await journal.append(() => header);
  } catch (error) {
    await journal.close();
    throw error;
  }
  return { ...header, n: 0, w: 1 };
}

/** Sorts keys like the journal does, so that a run's result has the same order whether it was resumed or not. */
function inOrder(versions: Header['versions']): Header['versions'] {
  return Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Checks a journal's header against this version of dsptt and the configuration.
 * @throws JournalError when the journal is of a later version; DeterminismError when it is of another configuration
 */
export function mustFit({ config, flags }: Header, options: Pick<DurableRunOptions, 'directory' | 'config'>): void {
  const unknown = flags.find((flag) => !CURRENT_FLAGS.includes(flag));
  if (unknown !== undefined) {
    throw new JournalError(
      `the journal of ${options.directory} was begun with behaviour ${unknown}, which this version of dsptt does not know: take a newer one`,
    );
  }
  const now = hashOf(options.config);
  if (config === now) return;
  throw new DeterminismError(
    `config.json of ${options.directory} is not the configuration that its journal was begun with (sha256 ${config} there, ${now} now): restore it, or start again`,
  );
}

function sayOtherVersions({ versions }: Header, { hello }: RunWorker, onNotice: (message: string) => void): void {
  const now: Readonly<Record<string, string>> = {
    dsptt: VERSION,
    node: process.versions.node,
    ...hello.versions,
  };
  const others = Object.keys(now).filter((name) => name in versions && versions[name] !== now[name]);
  if (others.length === 0) return;
  const list = others.map((name) => `${name} ${versions[name]}, now ${now[name]}`).join('; ');
  onNotice(`the run was begun with other versions (${list}): if numbers differ, it cannot go on`);
}

function hashOf(config: Config): string {
  return sha256(canonical(withoutPlace(config)));
}
