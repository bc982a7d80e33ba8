import fs from 'node:fs';
import path from 'node:path';
import { withoutPlace } from '../../src/config/difference';
import { CurveCollector } from '../../src/curves/curve-collector';
import { combine } from '../../src/ensemble/combine';
import { metrics } from '../../src/ensemble/metrics';
import { replay } from '../../src/run/replay';
import { nodeDisk } from '../../src/store/disk/disk';
import { ArrayFiles, sha256 } from '../../src/store/journal/arrays';
import { canonical } from '../../src/store/journal/canonical';
import { encodeLine, type JournalRecord } from '../../src/store/journal/record';
import { readConfig, readResult } from '../../src/store/run-directory';
import { FollowedRun } from '../../src/watch/followed-run';
import type { LiveView } from '../../src/watch/live-view';
import { viewOf } from '../../src/watch/view-of';
import { temporaryDirectory, until } from '../builders';
import {
  journalOf,
  keptRun,
  keptRuns,
  recordsOf,
  rewrite,
  stepsMade,
  unfinishedCopy,
  withTargetsFirst,
} from '../journals/kept';

const root = temporaryDirectory();
const DSP_TT = path.join('0.1.0', 'dsp-tt');
const FGE = path.join('0.1.0', 'fge');

const followed: FollowedRun[] = [];
afterEach(() => Promise.all(followed.splice(0).map((run) => run.close())));

function follow(directory: string): FollowedRun {
  const run = new FollowedRun(directory);
  followed.push(run);
  return run;
}

/** Look at a run until a view of it is so. */
async function seen(run: FollowedRun, isSo: (view: LiveView) => boolean): Promise<LiveView> {
  for (;;) {
    await run.poll();
    const view = viewOf(run, 'run', false);
    if (isSo(view)) return view;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const isComplete = (view: LiveView) => view.isComplete;

describe('a run that is followed', () => {
  it.each(keptRuns())('is shown with the numbers of its result once it has finished: %s', async (name) => {
    const view = await seen(follow(keptRun(name)), isComplete);
    const result = await readResult(keptRun(name));
    expect(view).toMatchObject({ state: 'finished', problem: null, note: null });
    expect(view.ensembles.filter(({ isResult }) => isResult)).toMatchObject([{ name: result.result }]);
    expect(view.members.map(({ name: member, testLoss }) => [member, testLoss])).toEqual(
      result.members.map(({ name: member, testLoss }) => [member, testLoss]),
    );
    expect(view.ensembles.map(({ name: of, testErrorPct }) => [of, testErrorPct])).toEqual(
      result.ensembles.map(({ name: of, testErrorPct }) => [of, testErrorPct]),
    );
    const { budget } = await readConfig(keptRun(name));
    expect(view.progress).toMatchObject({ steps: stepsMade(result), total: 'steps' in budget ? budget.steps : null });
  });

  it('has its settings, with those that differ from the defaults told apart', async () => {
    const { settings } = await seen(follow(keptRun(DSP_TT)), isComplete);
    expect(settings).toEqual(
      expect.arrayContaining([
        { name: 'model.args', value: '{ hidden: [ 16 ] }', isDefault: false },
        { name: 'localSolver.lr', value: '0.05', isDefault: false },
        { name: 'localSolver.momentum', value: '0.9', isDefault: true },
      ]),
    );
  });

  it('is finished, with a report and nothing to follow, where it is on a closed-form objective', async () => {
    const view = await seen(follow(keptRun(path.join('0.1.0', 'himmelblau'))), isComplete);
    expect(view).toMatchObject({ state: 'finished', hasReport: true, problem: null, searches: [], settings: [] });
    expect(view.note).toMatch(/its report shows the optima/);
  });

  it('has the same paths, exits and losses as a replay of the whole', async () => {
    const run = keptRun(DSP_TT);
    const view = await seen(follow(run), isComplete);
    const watched = new CurveCollector((await readConfig(run)).dspTt);
    await replay(run, watched);
    const [search] = watched.searches();
    const [shown] = view.searches;
    expect(shown.iterations).toBe(search.path.length);
    const exits = shown.paths.flatMap(({ name, exit }) =>
      exit === null ? [] : [{ path: name, step: exit.iteration }],
    );
    expect(exits).toEqual(search.exits);
    for (const { name, rho1: line } of shown.paths) {
      const rho1 = line.filter(([, y]) => y !== null);
      const own = [...search.path.keys()].filter((i) => search.path[i] === name);
      expect(rho1.map(([x]) => x)).toEqual(own);
      for (const [k, i] of own.entries()) expect(rho1[k][1]).toBeCloseTo(search.rho1[i], 5);
    }
    expect(view.trainings.map(({ network, steps }) => [network, steps])).toEqual(
      watched.descents().map(({ network, step }) => [network, step.length]),
    );
  });

  it('is followed record by record, and ends where a run that was read at once does', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    const records = recordsOf(copy);
    const lines = records.map(encodeLine);
    fs.writeFileSync(journalOf(copy), '');
    const run = follow(copy);
    const phases = new Set<string>();
    for (const line of lines) {
      fs.appendFileSync(journalOf(copy), line.slice(0, 30));
      await run.poll();
      fs.appendFileSync(journalOf(copy), line.slice(30));
      const count = run.facts.steps;
      const view = await seen(run, () => true);
      phases.add(view.phase?.name ?? 'none');
      expect(view.progress.steps).toBeGreaterThanOrEqual(count);
    }
    fs.copyFileSync(path.join(keptRun(DSP_TT), 'result.json'), path.join(copy, 'result.json'));
    const view = await seen(run, isComplete);
    const atOnce = await seen(follow(keptRun(DSP_TT)), isComplete);
    expect({ searches: view.searches, trainings: view.trainings }).toEqual({
      searches: atOnce.searches,
      trainings: atOnce.trainings,
    });
    expect([...phases]).toEqual(expect.arrayContaining(['none', 'tier0', 'search of tier 1']));
  });

  it('shows the ensembles of its networks as each is measured, in the end as the result has them', async () => {
    const { pairs } = await readResult(keptRun(FGE));
    const copy = withTargetsFirst(unfinishedCopy(FGE, root));
    const records = recordsOf(copy);
    const isSaved = savedIn(records);
    fs.writeFileSync(journalOf(copy), '');
    const run = follow(copy);
    const shown: LiveView['ensembles'][] = [];
    let saved = 0;
    for (const record of records) {
      fs.appendFileSync(journalOf(copy), encodeLine(record));
      if (!isSaved(record)) continue;
      saved += 1; // a network is saved once it is measured
      if (saved < 2) expect((await seen(run, ({ members }) => members.length > 0)).ensembles).toEqual([]);
      else shown.push((await seen(run, ({ ensembles }) => ensembles[0]?.members === saved)).ensembles);
    }
    expect(shown).toHaveLength(pairs.names.length - 1);
    const { targets, outputs } = await testOutputsOf(copy);
    for (const [k, ensembles] of shown.entries()) {
      const own = pairs.names.slice(0, k + 2).flatMap((name) => outputs.get(name) ?? []);
      const { errorPct, loss } = metrics(combine(own, own[0].length / targets.length, 'meanSoftmax'), targets);
      expect(ensembles.find(({ isResult }) => isResult)).toMatchObject({ testErrorPct: errorPct, testLoss: loss });
    }
    fs.copyFileSync(path.join(keptRun(FGE), 'result.json'), path.join(copy, 'result.json'));
    const { ensembles: final } = await seen(run, isComplete);
    expect(shown.at(-1)).toEqual(final);
  });

  it('that asked for its targets last shows its ensembles once they are there', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    const { ensembles } = await seen(follow(copy), (view) => view.ensembles.length > 0);
    const { ensembles: final } = await seen(follow(keptRun(DSP_TT)), isComplete);
    expect(ensembles).toEqual(final);
  });

  it('that was interrupted is shown as far as it got, with the command that goes on with it', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    rewrite(copy, recordsOf(copy).slice(0, 30));
    const view = await seen(follow(copy), ({ searches }) => (searches[0]?.iterations ?? 0) > 0);
    expect(view).toMatchObject({
      state: 'interrupted',
      stoppable: null,
      isComplete: false,
      resume: `npx --no dsptt resume ${copy}`,
    });
    expect(view.members.map(({ name }) => name)).toContain('tier0');
  });

  it('whose lock names a process that does not write its journal shows no stop button', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    const stat = fs.readFileSync(`/proc/${process.pid}/stat`, 'utf8');
    const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    fs.writeFileSync(path.join(copy, '.lock'), JSON.stringify({ pid: process.pid, began }));
    const run = follow(copy);
    expect(await seen(run, () => true)).toMatchObject({ state: 'running', stoppable: null });
    const journal = fs.openSync(journalOf(copy), 'r+');
    expect(await seen(run, () => true)).toMatchObject({ state: 'running', stoppable: process.pid });
    fs.closeSync(journal);
  });

  it('by another version of dsptt is shown without its paths, and says so', async () => {
    const copy = await otherwise();
    const view = await seen(follow(copy), ({ note }) => note !== null);
    expect(view.note).toMatch(/decides otherwise than the run: command 0 of this run is not the one/);
    expect(view.progress.steps).toBe(120);
    expect(view.members.length).toBeGreaterThan(0);
  });
});

/** Tells which of a run's records say that a network was saved. */
function savedIn(records: readonly JournalRecord[]): (record: JournalRecord) => boolean {
  const saving = records.flatMap((record) =>
    record.kind === 'command' && record.op === 'savePoint' ? [record.c] : [],
  );
  return (record) => record.kind === 'result' && saving.includes(record.c);
}

/** What the journal of a run says that its networks put out for the test split, and what is true there. */
async function testOutputsOf(run: string) {
  const arrays = new ArrayFiles(path.join(run, 'journal'), nodeDisk, []);
  const records = recordsOf(run);
  const outputs = new Map<string, Float32Array>();
  for (const record of records) {
    if (record.kind !== 'command' || record.args.split !== 'test') continue;
    const answer = records.find((other) => other.kind === 'result' && other.c === record.c);
    const tensors = answer?.kind === 'result' ? (answer.tensors ?? {}) : {};
    const array = await arrays.read(tensors.outputs ?? tensors.targets);
    if (array instanceof Float32Array) outputs.set(String(record.args.point ?? 'targets'), array);
  }
  await arrays.close();
  return { targets: outputs.get('targets') ?? new Float32Array(), outputs };
}

/** An unfinished run that this version would do otherwise. */
async function otherwise(): Promise<string> {
  const copy = unfinishedCopy(DSP_TT, root);
  const config = { ...(await readConfig(copy)), seed: 7 };
  fs.writeFileSync(path.join(copy, 'config.json'), JSON.stringify(config));
  const hash = sha256(canonical(withoutPlace(config)));
  const edited = recordsOf(copy).map((record) => (record.kind === 'header' ? { ...record, config: hash } : record));
  rewrite(copy, edited);
  return copy;
}

describe('what cannot be followed', () => {
  it.each([
    [
      'a damaged journal',
      'journal.jsonl',
      (text: string) => text.replace('"op":"open"', '"op":"opem"'),
      /damaged in line/,
    ],
    [
      'a damaged configuration',
      'config.json',
      (text: string) => text.slice(0, -20),
      /config\.json is damaged, it is no JSON: restore it/,
    ],
    [
      'a newer configuration',
      'config.json',
      (text: string) => text.replace('{', '{"newer": 1,'),
      /not a configuration of this version/,
    ],
    [
      'a result of a newer schema',
      'result.json',
      (text: string) => text.replace('"schema": 1', '"schema": 2'),
      /newer version of dsptt/,
    ],
    [
      'a damaged result',
      'result.json',
      (text: string) => text.slice(0, -20),
      /result\.json is damaged, it is no JSON: remove its result\.json/,
    ],
  ])('is told in words: %s', async (_, file, damage, words) => {
    const copy = path.join(fs.mkdtempSync(path.join(root, 'bad-')), 'run');
    fs.cpSync(keptRun(DSP_TT), copy, { recursive: true });
    fs.writeFileSync(path.join(copy, file), damage(fs.readFileSync(path.join(copy, file), 'utf8')));
    const view = await seen(follow(copy), isComplete);
    expect(view).toMatchObject({ state: 'unreadable', stoppable: null });
    expect(view.problem).toMatch(words);
  });

  it('is waited for where it has not begun', async () => {
    const directory = path.join(root, 'later');
    const run = follow(directory);
    expect(await seen(run, () => true)).toMatchObject({ state: 'starting', problem: null });
    fs.cpSync(keptRun(DSP_TT), directory, { recursive: true });
    expect(await seen(run, isComplete)).toMatchObject({ state: 'finished' });
  });
});

describe('a run of another version that has finished', () => {
  it('is shown as it wrote its curves down', async () => {
    const copy = await otherwise();
    fs.copyFileSync(path.join(keptRun(DSP_TT), 'result.json'), path.join(copy, 'result.json'));
    fs.mkdirSync(path.join(copy, 'traces'));
    fs.writeFileSync(path.join(copy, 'traces', 'descent-tier0.csv'), 'step,lr,loss\n0,0.1,2\n1,0.1,1\n');
    const search = 'iteration,round,path,rho1,growth,rho2,loss,norm\n';
    const rows = ['0,1,tier1-1,0.02,0.02,0,1,1', '1,1,tier1-2,0.04,0.04,0,3,1', '2,2,tier1-1,0.06,0.06,0,2,1'];
    fs.writeFileSync(path.join(copy, 'traces', 'search-tier1.csv'), `${search}${rows.join('\n')}\n`);
    const view = await seen(follow(copy), isComplete);
    expect(view).toMatchObject({ state: 'finished', note: null });
    const [{ paths }] = view.searches;
    expect(paths.map(({ name, rho1 }) => [name, rho1])).toEqual([
      [
        'tier1-1',
        [
          [0, 0.02],
          [0, null],
          [2, 0.06],
        ],
      ],
      ['tier1-2', [[1, 0.04]]],
    ]);
    expect(paths.map(({ loss }) => loss.at(-1)?.[1])).toEqual([2, 3]);
    expect(view.trainings).toMatchObject([{ network: 'tier0', steps: 2 }]);
  });
});

describe('a run that is let go of', () => {
  it('leaves no file open', async () => {
    const copy = unfinishedCopy(DSP_TT, root);
    const open = () => fs.readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(copy));
    const run = follow(copy);
    await seen(run, ({ phase }) => phase?.name === 'evaluation');
    await run.close();
    await until(() => open().length === 0);
    expect(open()).toEqual([]);
  });
});

function linkOf(fd: string): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // closed meanwhile
  }
}
