import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/schema';
import { DataError } from '../errors';
import { nodeDisk } from '../store/disk/disk';
import { Journal } from '../store/journal/journal';
import type { Header } from '../store/journal/record';
import { readConfig } from '../store/run-directory';
import { type Assessment, assess } from './assess/assess';
import { VALIDATION_POINTS } from './durable/flags';
import { History } from './durable/history';
import { JournalAnswers, type KeptElsewhere } from './durable/journal-answers';
import { digestOf, Recorder } from './durable/recorder';
import type { RunListener } from './events';
import { keptTier0 } from './given-tier0';
import { mustFit } from './open-journal';
import { perform } from './perform';

export interface Replay {
  /** Number of commands in the journal. */
  readonly recorded: number;
  /** Number of recorded commands that the method gave again; equal to `recorded` unless the replay throws. */
  readonly matched: number;
  /** Measured result of the run; null if its journal ends before. */
  readonly assessment: Assessment | null;
}

const UNHEARD: RunListener = { onEvent: () => {}, onCommand: () => {} };

/**
 * Performs the method of a run again on its journal, without a worker, and changes nothing. This shows whether this
 * version of dsptt can resume a journal that another version wrote.
 * @throws DeterminismError when the method gives a different command than the journal has, or fewer; JournalError when
 *   the journal is damaged; DataError when the directory holds no run
 */
export async function replay(directory: string, watch: RunListener = UNHEARD): Promise<Replay> {
  const config = await readConfig(directory);
  const journal = await Journal.open(directory, nodeDisk);
  try {
    const { header } = journal;
    if (header === undefined) throw new DataError(`the run of ${directory} had not begun: its journal is empty`);
    mustFit(header, { directory, config });
    const history = new History(journal.found.records);
    const recorder = new Recorder(journal, history);
    const answers = new JournalAnswers(recorder, await membersIn(directory));
    const assessment = await performed(answers, recorder, directory, config, header, watch);
    if (assessment !== null) recorder.mustHaveAll();
    return { recorded: history.commands, matched: Math.min(recorder.commands, history.commands), assessment };
  } finally {
    await journal.close();
  }
}

async function performed(
  answers: JournalAnswers,
  recorder: Recorder,
  directory: string,
  config: Config,
  { tier0: begunWith, flags }: Header,
  { onEvent, onCommand }: RunListener,
): Promise<Assessment | null> {
  const tier0 = await keptTier0(directory, begunWith);
  try {
    const recorded = () => recorder.nextSteps();
    const options = { recorded, validates: flags.includes(VALIDATION_POINTS) };
    const { executor, outcome } = await perform(answers, config, { tier0, ...options, onCommand, report: onEvent });
    const keep = { member: async (name: string) => `members/${name}.safetensors`, outputs: async () => {} };
    const assessment = await assess(executor, outcome, config, keep, flags);
    if (recorder.nextOp === 'rawSamples') await executor.rawSamples(); // 0.1.0 did not request them
    return assessment;
  } catch (error) {
    if (answers.isAtEnd) return null;
    throw answers.ended ?? error; // with several pending commands, the method may have caught a later error
  }
}

/** Reads the networks' files, which the journal does not contain, from the run directory. */
async function membersIn(directory: string): Promise<KeptElsewhere> {
  const folder = join(directory, 'members');
  const names = await readdir(folder).catch(() => []); // an interrupted run may have none
  const answers = names.map(async (name) => {
    const arrays = { file: new Uint8Array(await readFile(join(folder, name))) };
    return [digestOf({}, arrays), arrays] as const;
  });
  return new Map(await Promise.all(answers));
}
