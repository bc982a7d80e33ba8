import fs from 'node:fs';
import path from 'node:path';
import { withoutPlace } from '../../src/config/difference';
import { DeterminismError, JournalError } from '../../src/errors';
import { METHODS } from '../../src/methods';
import { runAnalytic } from '../../src/run/closed-form';
import { TARGETS_FIRST } from '../../src/run/durable/flags';
import { replay } from '../../src/run/replay';
import { resume } from '../../src/run/resume';
import { sha256 } from '../../src/store/journal/arrays';
import { canonical } from '../../src/store/journal/canonical';
import type { CommandRecord, JournalRecord } from '../../src/store/journal/record';
import { readAnalyticConfig, readOptima } from '../../src/store/optima';
import { readConfig, readResult } from '../../src/store/run-directory';
import { failureOf, temporaryDirectory } from '../builders';
import {
  cutRuns,
  finishedOf,
  keptClosedForms,
  keptRun,
  keptRuns,
  recordsOf,
  rewrite,
  unfinishedCopy,
  withTargetsFirst,
} from '../journals/kept';

const root = temporaryDirectory();
const DSP_TT = path.join('0.1.0', 'dsp-tt');

const isCommand = (record: JournalRecord): record is CommandRecord => record.kind === 'command';
const commandsOf = (records: readonly JournalRecord[]) => records.filter(isCommand);

/** Runs that were begun before behaviour flag 1: they ask for their targets after they have measured networks. */
function runsBeforeFlag1(): string[] {
  return keptRuns().filter((name) => {
    const [header] = recordsOf(keptRun(name));
    return header.kind === 'header' && !header.flags.includes(TARGETS_FIRST);
  });
}

/** The number of records after which all networks are measured: what follows is asked of the data. */
function measuredAt(records: readonly JournalRecord[]): number {
  const samples = commandsOf(records).find(({ op }) => op === 'rawSamples');
  if (samples === undefined) return records.length;
  return 1 + records.findIndex((record) => record.kind === 'result' && record.c === samples.c - 1);
}

/** The bytes of all files of a run, by name. */
function filesOf(run: string): Record<string, string> {
  const entries = fs.readdirSync(run, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((file) => [path.relative(run, file), sha256(fs.readFileSync(file))]));
}

/** A copy of the DSP-TT run whose journal has other records, each under a right checksum. */
function withRecords(edit: (records: JournalRecord[]) => JournalRecord[]): string {
  const run = unfinishedCopy(DSP_TT, root);
  rewrite(run, edit(recordsOf(run)));
  return run;
}

/** Change the seed in a copy's configuration. */
async function reseed(run: string): Promise<string> {
  const config = { ...(await readConfig(run)), seed: 7 };
  fs.writeFileSync(path.join(run, 'config.json'), JSON.stringify(config));
  return sha256(canonical(withoutPlace(config)));
}

describe('the runs of all released versions', () => {
  it('are there: every method, finished and cut, and closed forms', async () => {
    const methodsOf = async (names: readonly string[]) => {
      const configs = await Promise.all(names.map((name) => readConfig(keptRun(name))));
      return new Set(configs.map(({ method }) => method));
    };
    for (const names of [keptRuns(), cutRuns()]) expect(await methodsOf(names)).toEqual(new Set(Object.keys(METHODS)));
    expect(keptClosedForms().length).toBeGreaterThanOrEqual(2);
  });

  it.each(cutRuns())('are taken up where they were interrupted, as the run that ended: %s', async (name) => {
    const commands = commandsOf(recordsOf(keptRun(name)));
    expect(await replay(keptRun(name))).toEqual({
      recorded: commands.length,
      matched: commands.length,
      assessment: null,
    });
    const [cut, whole] = [name, finishedOf(name)].map((run) => recordsOf(keptRun(run))[0]);
    expect(cut).toMatchObject({ kind: 'header', config: whole.kind === 'header' ? whole.config : '' });
  });

  it.each(keptClosedForms())('find the same optima: %s', async (name) => {
    const config = await readAnalyticConfig(keptRun(name));
    const { optima, edges, paths, start, known, evaluations } = await runAnalytic(config, {
      out: path.join(fs.mkdtempSync(path.join(root, 'closed-')), 'run'),
    });
    expect(await readOptima(keptRun(name))).toMatchObject({ optima, edges, paths, start, known, evaluations });
  });

  it.each(keptRuns())('are taken up command by command, to the same networks: %s', async (name) => {
    const { recorded, matched, assessment } = await replay(unfinishedCopy(name, root));
    const { members, result, ensembles } = await readResult(keptRun(name));
    expect({ matched, result: assessment?.result }).toEqual({ matched: recorded, result });
    expect(recorded).toBe(commandsOf(recordsOf(keptRun(name))).length);
    const identified = members.map(({ name, file, sha256 }) => ({ name, file, sha256 }));
    expect(assessment?.members).toMatchObject(identified);
    expect(assessment?.ensembles.map(({ name }) => name)).toEqual(ensembles.map(({ name }) => name));
  });

  it.each(runsBeforeFlag1())('give the same where their targets are asked first: %s', async (name) => {
    const { recorded, matched, assessment } = await replay(withTargetsFirst(unfinishedCopy(name, root)));
    const before = await replay(unfinishedCopy(name, root));
    expect({ matched, assessment }).toEqual({ matched: recorded, assessment: before.assessment });
  });

  it.each(keptRuns())('are taken up where any record was their last: %s', async (name) => {
    const run = unfinishedCopy(name, root);
    const records = recordsOf(run);
    const stride = Math.ceil(records.length / 110); // of the longest alone, where each replay is long too
    for (let count = 1; count < measuredAt(records); count += stride) {
      rewrite(run, records.slice(0, count));
      const recorded = commandsOf(records.slice(0, count)).length;
      expect(await replay(run)).toEqual({ recorded, matched: recorded, assessment: null });
    }
  });

  it.each(keptRuns())('are answered without a worker where they have finished: %s', async (name) => {
    const result = await resume(keptRun(name), { python: path.join(root, 'no-python') });
    expect(result).toEqual(await readResult(keptRun(name)));
  });
});

describe('a replay', () => {
  it('changes nothing in the directory', async () => {
    const run = unfinishedCopy(DSP_TT, root);
    const before = filesOf(run);
    await replay(run);
    expect(filesOf(run)).toEqual(before);
  });

  it('refuses another configuration than the journal was begun with', async () => {
    const run = unfinishedCopy(DSP_TT, root);
    const [header] = recordsOf(run);
    const now = await reseed(run);
    const error = await failureOf(replay(run));
    expect(error).toBeInstanceOf(DeterminismError);
    for (const shown of [run, now, header.kind === 'header' ? header.config : ''])
      expect(error.message).toContain(shown);
  });

  it('shows both commands where the configuration makes another one', async () => {
    const run = unfinishedCopy(DSP_TT, root);
    const config = await reseed(run);
    rewrite(
      run,
      recordsOf(run).map((record) => (record.kind === 'header' ? { ...record, config } : record)),
    );
    const error = await failureOf(replay(run));
    expect(error).toBeInstanceOf(DeterminismError);
    expect(error.message).toMatch(/^command 0 .*The journal has \{.*"seed":0.*now it is \{.*"seed":7/s);
  });

  it('shows both commands where a point is called otherwise', async () => {
    const renamed = (record: JournalRecord) =>
      isCommand(record) && record.c === 4 ? { ...record, args: { ...record.args, path: 'tier1-one' } } : record;
    const error = await failureOf(replay(withRecords((records) => records.map(renamed))));
    expect(error).toBeInstanceOf(DeterminismError);
    expect(error.message).toMatch(
      /^command 4 .*The journal has \{.*"path":"tier1-one".*now it is \{.*"path":"tier1-1"/s,
    );
  });

  it('compares also what was on the wire when the journal ended', async () => {
    const isFirst = (record: JournalRecord) =>
      record.kind === 'result' ? record.c < 6 : record.kind !== 'command' || record.c < 8;
    const first = withRecords((records) => records.filter(isFirst));
    expect(await replay(first)).toEqual({ recorded: 8, matched: 8, assessment: null });
    const moved = (record: JournalRecord) =>
      isCommand(record) && record.c === 7 ? { ...record, args: { ...record.args, start: 6 } } : record;
    const error = await failureOf(replay(withRecords((records) => records.filter(isFirst).map(moved))));
    expect(error).toBeInstanceOf(DeterminismError);
    expect(error.message).toMatch(/^command 7 .*"start":6.*now it is .*"start":5/s);
  });

  it('shows both commands where an array of one differs in a bit', async () => {
    const altered = (record: JournalRecord) =>
      isCommand(record) && record.op === 'descend'
        ? { ...record, tensors: { ...record.tensors, lr: { ...record.tensors.lr, sha256: sha256('other') } } }
        : record;
    const error = await failureOf(replay(withRecords((records) => records.map(altered))));
    expect(error).toBeInstanceOf(DeterminismError);
    expect(error.message).toMatch(/^command 2 .*"op":"descend".*now it is .*"op":"descend"/s);
  });

  it('refuses a journal that goes on where the run ends, and shows how', async () => {
    const further = {
      kind: 'command',
      n: 0,
      w: 9,
      op: 'drop',
      args: { points: ['more'], paths: [] },
      tensors: {},
    } as const;
    const run = withRecords((records) => [...records, { ...further, c: commandsOf(records).length }]);
    const error = await failureOf(replay(run));
    expect(error).toBeInstanceOf(DeterminismError);
    expect(error.message).toMatch(/ended after 31 commands, but its journal has 32.*"points":\["more"\]/s);
  });

  it('refuses a journal that was begun with a behaviour of a later version', async () => {
    const later = (record: JournalRecord) => (record.kind === 'header' ? { ...record, flags: [1_000_000] } : record);
    const error = await failureOf(replay(withRecords((records) => records.map(later))));
    expect(error).toBeInstanceOf(JournalError);
    expect(error.message).toMatch(/behaviour 1000000, which this version of dsptt does not know/);
  });

  it('says which array file is damaged, and from which byte', async () => {
    const run = unfinishedCopy(DSP_TT, root);
    const arrays = path.join(run, 'journal.f4');
    const bytes = fs.readFileSync(arrays);
    bytes[bytes.length - 1] ^= 1;
    fs.writeFileSync(arrays, bytes);
    const error = await failureOf(replay(run));
    expect(error).toBeInstanceOf(JournalError);
    expect(error.message).toMatch(/journal\.f4 is damaged: the \d+ numbers from byte \d+ are not those/);
  });
});
