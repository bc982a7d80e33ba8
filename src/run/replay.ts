import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/schema';
import { DataError } from '../errors';
import { nodeDisk } from '../store/disk';
import { Journal } from '../store/journal/journal';
import type { Header } from '../store/journal/record';
import { readConfig } from '../store/run-directory';
import { type Assessment, assess } from './assess/assess';
import { History } from './durable/history';
import { JournalAnswers, type KeptElsewhere } from './durable/journal-answers';
import { digestOf, Recorder } from './durable/recorder';
import type { RunListener } from './events';
import { keptTier0 } from './given-tier0';
import { mustFit } from './open-journal';
import { perform } from './perform';

export interface Replay {
  /** Commands that the journal has, and how many of them the method gave again: all, where nothing was thrown. */
  readonly recorded: number;
  readonly matched: number;
  /** What the run found; null where its journal ends before. */
  readonly assessment: Assessment | null;
}

const UNHEARD: RunListener = { onEvent: () => {}, onCommand: () => {} };

/**
 * Run the method of a run again on what its directory keeps, without a worker, and change nothing: whether this version of
 * dsptt can take up a journal that another one wrote.
 * @throws DeterminismError when the method gives another command than the journal has, or fewer; JournalError when it is
 *   damaged; DataError when the directory holds no run
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
    const { executor, outcome } = await perform(answers, config, { tier0, recorded, onCommand, report: onEvent });
    const keep = { member: async (name: string) => `members/${name}.safetensors`, outputs: async () => {} };
    const assessment = await assess(executor, outcome, config, keep, flags);
    if (recorder.nextOp === 'rawSamples') await executor.rawSamples(); // 0.1.0 did not ask for them
    return assessment;
  } catch (error) {
    if (answers.isAtEnd) return null;
    throw answers.ended ?? error; // of several commands on their way, the method may have met another end first
  }
}

/** The journal does not keep the networks' files, but the directory does. */
async function membersIn(directory: string): Promise<KeptElsewhere> {
  const folder = join(directory, 'members');
  const names = await readdir(folder).catch(() => []); // a run that was cut short has none
  const answers = names.map(async (name) => {
    const arrays = { file: new Uint8Array(await readFile(join(folder, name))) };
    return [digestOf({}, arrays), arrays] as const;
  });
  return new Map(await Promise.all(answers));
}
