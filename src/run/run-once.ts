import { existsSync } from 'node:fs';
import type { Keeper } from '../bridge/workers/supervisor';
import { dsptt } from '../command-name';
import { configDifference } from '../config/difference';
import type { Config } from '../config/schema';
import { ConfigError, DataError, DivergedError, InterruptedError, UsageError, WorkerError } from '../errors';
import type { Task, ValidationPoint } from '../executor/executor';
import type { ProgramProgress } from '../executor/program-progress';
import { findMethod } from '../methods';
import { OF_MODEL } from '../methods/method';
import { checkedDisk, type Disk, nodeDisk } from '../store/disk/disk';
import { type HeldLock, holding } from '../store/disk/lock';
import { sha256 } from '../store/journal/arrays';
import type { Header } from '../store/journal/record';
import type { Result } from '../store/result';
import {
  hasBegun,
  isFinished,
  mustBeRunOrFree,
  RunDirectory,
  readConfig,
  readResult,
  removeCheckpoints,
} from '../store/run-directory';
import { OPENING } from '../trust-tech/names';
import { assess } from './assess/assess';
import type { Keep } from './assess/measure';
import type { DownloadProgress } from './data/download';
import { VALIDATION_POINTS } from './durable/flags';
import type { RunEvent } from './events';
import { keptTier0 } from './given-tier0';
import { type DurableRun, openDurableRun } from './open-journal';
import type { RunOptions } from './options';
import { type Performance, perform } from './perform';
import { placesIn } from './places';
import { mustHavePoints, mustHaveSpace, mustHaveValidation, mustTakeEma } from './preflight';
import { resultOf } from './result';
import { samplesOf } from './samples';
import { Stopwatch } from './stopwatch';

/** Services of the session for its runs. */
export interface RunHost {
  readonly supervisor: Keeper;
  /** Number of steps a message; undefined: as many as take half a second. */
  readonly chunk: number | undefined;
  readonly window: number;
  /** True if the worker runs on another machine. */
  readonly isRemote?: boolean;
  /** True if its place was chosen by a scheduler or a command, so that another processor may be there. */
  readonly isPlaced?: boolean;
  readonly open: NonNullable<Performance['open']>;
}

/** Time that an interrupted run waits for commands on the wire; unfinished ones are executed again at resume. */
const GRACE_MS = 5000;
const DEFAULT_MINUTES = 10;
const PHASE_MS = 2000;

/**
 * Runs a method in a new directory, or resumes an unfinished run.
 * @throws UsageError when the directory exists and `resume` is not set, holds something that is not a run or a run with
 *   other settings, or the method takes no tier 0; the errors of `Session.run`
 */
export async function runOnce(host: RunHost, config: Config, options: RunOptions): Promise<Result> {
  const { out, resume = false, disk = nodeDisk, tier0 = null, onEvent = () => {} } = options;
  if (tier0 !== null && !findMethod(config.method).takesTier0) {
    throw new UsageError(`method '${config.method}' trains its own network and takes no --tier0`);
  }
  mustTakeEma(config);
  if (existsSync(out) && !resume) {
    throw new UsageError(`${out} exists already: name another directory with --out, or remove it`);
  }
  mustBeRunOrFree(out);
  const work = async (lock: HeldLock) => {
    const checked = checkedDisk(disk, lock.mustHold);
    const held = { ...options, disk: checked };
    const isNew = !hasBegun(out);
    try {
      const result = await (isNew ? begin(host, config, held, checked, lock) : goOn(host, config, held, checked));
      onEvent({ type: 'finished', result });
      return result;
    } catch (error) {
      throw hasBegun(out) ? saying(error, out) : error;
    }
  };
  return holding(out, work, { onWait: (message) => onEvent({ type: 'notice', message }) });
}

/** Reports whether the same run would fail with this error again. */
function isFinal(error: unknown): boolean {
  return [ConfigError, DataError, DivergedError, UsageError].some((kind) => error instanceof kind);
}

/** Adds the command that resumes the run to the message of an error after which this is possible. */
function saying(error: unknown, out: string): unknown {
  const how = `\`${dsptt('resume', out)}\` resumes the run`;
  if (error instanceof InterruptedError)
    return new InterruptedError(`the run was interrupted; ${how}`, { cause: error });
  if (error instanceof WorkerError) {
    return new WorkerError(`${error.message}; ${how}`, { cause: error, traceback: error.traceback });
  }
  return error;
}

/** Reports whether the lock of the directory is still this process's; false if that cannot be told. */
function isHeld({ mustHold }: HeldLock): boolean {
  try {
    mustHold();
    return true;
  } catch {
    return false; // the error that ended the run is the one to report
  }
}

async function begin(host: RunHost, config: Config, options: RunOptions, disk: Disk, lock: HeldLock): Promise<Result> {
  const { out, tier0: file = null, tier0Source: source = 'the network given as tier 0' } = options;
  const directory = await RunDirectory.create(out, disk);
  try {
    if (file === null || file === OF_MODEL) return await inDirectory(host, config, options, directory, file);
    await directory.saveTier0(file);
    return await inDirectory(host, config, options, directory, { source, sha256: sha256(file) });
  } catch (error) {
    if ((isFinal(error) || !hasBegun(out)) && isHeld(lock)) await directory.remove();
    throw error;
  }
}

async function goOn(host: RunHost, config: Config, options: RunOptions, disk: Disk): Promise<Result> {
  const { out } = options;
  const difference = configDifference(await readConfig(out), config);
  if (difference !== null) {
    throw new UsageError(`${out} holds a run with other settings (${difference}): name another directory with --out`);
  }
  if (isFinished(out)) return finished(out);
  return inDirectory(host, config, options, await RunDirectory.open(out, disk), undefined);
}

/** Reads the result of a finished run, and removes checkpoints left over. @throws DataError when it is damaged */
export async function finished(out: string): Promise<Result> {
  await removeCheckpoints(out);
  return readResult(out);
}

/** @param tier0 tier 0 of a new run; undefined for a resumed one, whose journal states it */
async function inDirectory(
  host: RunHost,
  config: Config,
  options: RunOptions,
  directory: RunDirectory,
  tier0: Header['tier0'] | undefined,
): Promise<Result> {
  const { onEvent = () => {}, signal, disk = nodeDisk, checkpointMinutes = DEFAULT_MINUTES } = options;
  const everyMs = checkpointMinutes * 60_000;
  const durable = await openDurableRun({
    directory: directory.path,
    config,
    ...host,
    disk,
    times: { everyMs, everyEpochs: options.checkpointEpochs ?? null, phaseMs: Math.min(PHASE_MS, everyMs) },
    tier0,
    onNotice: (message) => onEvent({ type: 'notice', message }),
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= durable.worker.stop(GRACE_MS);
  };
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    if (!hasBegun(directory.path)) await directory.saveConfig(config);
    return await execute(host, config, options, durable, directory);
  } catch (error) {
    await (stopping ?? durable.worker.stop(0));
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await durable.worker.settle().finally(() => durable.journal.close());
  }
}

/** Performs the method and writes its result. The journal answers the commands that it has, the worker the others. */
async function execute(
  host: RunHost,
  config: Config,
  { onEvent = () => {}, onCommand, signal }: RunOptions,
  durable: DurableRun,
  directory: RunDirectory,
): Promise<Result> {
  const { clock, recorder, header } = durable;
  const { chunk, window, open, isRemote } = host;
  const tier0 = await keptTier0(directory.path, header.tier0);
  const watch = new Stopwatch(() => recorder.seconds());
  const report = (event: RunEvent) => {
    if (event.type === 'phase') {
      watch.phase(event.phase);
      clock.phaseEnds();
    }
    if (event.type === 'progress') watch.count(event.steps);
    onEvent(event);
  };
  watch.phase(OPENING);
  const onProgress = (progress: ProgramProgress) => report({ type: 'progress', ...progress });
  const onDownload = (progress: DownloadProgress) => report({ type: 'download', ...progress });
  const onTask = async (task: Task, steps: number) => {
    clock.epochHas(task.stepsPerEpoch);
    mustHaveValidation(config, task);
    mustHavePoints(config, task, steps);
    await mustHaveSpace(directory.path, config, task);
    report({ type: 'started', out: directory.path, task, steps });
    for (const message of task.notices) report({ type: 'notice', message, concernsResult: true });
  };
  const onValidation = (network: string, point: ValidationPoint) => report({ type: 'validated', network, ...point });
  const validates = header.flags.includes(VALIDATION_POINTS);
  const recorded = () => recorder.nextSteps();
  const places = await placesIn(directory.path, recorder.origin, isRemote);
  const options = { open, signal, onDownload, chunk, recorded, places, validates, ahead: window + 2 };
  const listeners = { onCommand, onTask, onProgress, onValidation, report };
  const { executor, outcome } = await perform(durable.worker, config, { tier0, ...options, ...listeners });
  for (const message of outcome.notices ?? []) report({ type: 'notice', message, concernsResult: true });
  const { task } = executor;
  const assessment = await assess(executor, outcome, config, keepIn(directory, report), header.flags);
  await directory.saveTraces(outcome.traces);
  const dataSha256 = await directory.saveSamples(samplesOf(config, task, await executor.rawSamples()));
  const { versions } = header;
  const result = resultOf({ config, task, outcome, assessment, dataSha256, versions, timings: watch.timings() });
  await durable.worker.settle();
  recorder.mustHaveAll();
  await directory.finish(result);
  return result;
}

function keepIn(directory: RunDirectory, report: (event: RunEvent) => void): Keep {
  return {
    barrier: (done, of) => report({ type: 'barriers', done, of }),
    measured: (network) => report({ type: 'evaluated', network }),
    member: (name, file) => directory.saveMember(name, file),
    outputs: (split, name, values, columns) => directory.saveOutputs(split, name, values, columns),
  };
}
