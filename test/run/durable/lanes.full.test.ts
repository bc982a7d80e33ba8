import fs from 'node:fs';
import path from 'node:path';
import { LaneKeeper } from '../../../src/bridge/workers/lane-keeper';
import { Supervisor } from '../../../src/bridge/workers/supervisor';
import type { Config, ConfigInput } from '../../../src/config/schema';
import type { RunEvent } from '../../../src/run/events';
import { isRunning, tinyConfig, until } from '../../builders';
import { DurableRuns, once, type Remains, recordsOf, remainsOf, type Settings } from './runs';

/** Three networks with batch norm on two lanes: the second one is begun on one of them, and ended on the other. */
const MEMBERS: ConfigInput = {
  preset: 'digits',
  method: 'independent',
  budget: { steps: 240 },
  independent: { members: 3 },
  threads: 1,
};
const atOnce = tinyConfig(MEMBERS, { membersAtOnce: 2, membersWay: 'processes' });

const runs = new DurableRuns();
const others: Supervisor[] = [];
const start = async () => {
  const started = await Supervisor.start(runs.launcher, { maxRestarts: 1000, backOffMs: 0 });
  others.push(started);
  return started;
};
const areThere = () =>
  others.length > 0 && [runs.supervisor, ...others].every(({ worker }) => worker.failure === undefined);
let keeper: LaneKeeper;
let undisturbed: Remains;

beforeAll(async () => {
  keeper = new LaneKeeper(runs.supervisor, start, 2);
  await until(areThere);
  const out = runs.fresh();
  await run(atOnce, out);
  undisturbed = settled(out);
});
afterAll(() => keeper.close());

function run(config: Config, out: string, settings: Settings = {}) {
  return runs.run(config, out, { supervisor: keeper, ...settings });
}

/** All that a run leaves; which of two workers answers first is not told. */
function settled(out: string): Remains {
  const { results, ...others } = remainsOf(out);
  return { ...others, results: [...results].sort() };
}

/** What a run found, whatever the order in which it was found. */
function found(out: string) {
  const { result, files } = remainsOf(out);
  const { 'config.json': _, ...others } = files;
  return { result, files: others };
}

const made = (what: string, done: number) => (event: RunEvent) =>
  event.type === 'progress' && event.what === what && event.done >= done;

/** Places in the group, by the worker that is at work: at home, or the other one. */
const PLACES = {
  'at the first steps of the second lane': made('member2', 10),
  'in the middle of the first network': made('member1', 30),
  'once a network has gone from lane to lane': made('member2', 60),
  'at the last steps': made('member3', 80),
};

describe('networks that are trained at once in two workers', () => {
  it.each<[string, ConfigInput]>([
    ['independent networks', MEMBERS],
    [
      'the descents of DSP-TT, averaged and fine-tuned',
      {
        budget: { steps: 400 },
        threads: 1,
        dspTt: { averageMembers: true, fineTune: { epochs: 4 } },
        swa: { everyEpochs: 3 },
      },
    ],
    [
      'the descents of two tiers of jumps',
      { method: 'random-jump', budget: { steps: 300 }, threads: 1, dspTt: { tiers: [3, 2] } },
    ],
  ])('are, bit for bit, those that are trained one after the other: %s', async (_, values) => {
    const [one, two] = [runs.fresh(), runs.fresh()];
    await runs.run(tinyConfig(values), one);
    await run(tinyConfig(values, { membersAtOnce: 2, membersWay: 'processes' }), two);
    expect(found(two)).toEqual(found(one));
    expect(fs.readdirSync(path.join(two, 'members')).length).toBeGreaterThan(2);
  });

  it('share the steps: their commands take turns', () => {
    const { commands } = undisturbed;
    const points = recordsOf(path.join(runs.directory, 'run1')).flatMap((record) =>
      record.kind === 'command' && record.op === 'descend' ? [record.args.point] : [],
    );
    expect(commands.filter((op) => op === 'descend')).toHaveLength(24);
    expect(points.slice(0, 4)).toEqual(['member2', 'member1', 'member2', 'member1']);
    expect(points.slice(-2)).toEqual(['member3', 'member2']);
  });

  it.each(Object.entries(PLACES))('are the same when the other worker dies %s', async (_, isThere) => {
    const out = runs.fresh();
    await until(areThere);
    const other = others[0].worker.hello.pid;
    const kill = once(isThere, () => process.kill(other, 'SIGKILL'));
    await run(atOnce, out, { onEvent: kill });
    expect(settled(out)).toEqual(undisturbed);
    expect(recordsOf(out).filter(({ kind }) => kind === 'restart')).toHaveLength(1);
  });

  it('are the same when the worker at home dies', async () => {
    const out = runs.fresh();
    await run(atOnce, out, { onEvent: once(made('member2', 20), () => runs.killWorker('SIGKILL')) });
    expect(settled(out)).toEqual(undisturbed);
  });

  it.each(Object.entries(PLACES))('go on to the same after an interrupt %s', async (_, isThere) => {
    const out = await runs.interrupted(atOnce, isThere, { supervisor: keeper });
    await run(atOnce, out, { resume: true, window: 1 });
    expect(settled(out)).toEqual(undisturbed);
  });

  it('go on to the same from the start, where there is no checkpoint', async () => {
    const settings = { supervisor: keeper, checkpointMinutes: 1000 };
    const out = await runs.interrupted(atOnce, made('member2', 60), settings);
    fs.rmSync(path.join(out, 'checkpoints'), { recursive: true, force: true });
    await run(atOnce, out, { resume: true, checkpointMinutes: 1000 });
    expect(settled(out)).toEqual(undisturbed);
  });

  it('end with the error of a task that cannot be opened, and replace no worker', async () => {
    const wrong = tinyConfig(MEMBERS, { membersAtOnce: 2, dataset: { args: { tilt: 1 } } });
    const notices: string[] = [];
    for (let k = 0; k < 3; k += 1) {
      const onEvent = (event: RunEvent) => event.type === 'notice' && notices.push(event.message);
      const error = await run(wrong, runs.fresh(), { onEvent }).catch((thrown) => thrown);
      expect(error).toMatchObject({ kind: 'ConfigError', message: expect.stringContaining('tilt') });
    }
    expect(notices).toEqual([]);
  });

  it('leave no process behind', async () => {
    const another = new LaneKeeper(runs.supervisor, () => Supervisor.start(runs.launcher), 2);
    await runs.run(atOnce, runs.fresh(), { supervisor: another });
    const started = runs.launcher.processIds.at(-1) ?? 0;
    await another.close();
    await until(() => !isRunning(started));
    expect(isRunning(runs.supervisor.worker.hello.pid)).toBe(true);
  });

  it('end with an error of their own as those that are trained one after the other do', async () => {
    const diverging: ConfigInput = { ...MEMBERS, localSolver: { lr: 1e6 } };
    const [one, two] = [tinyConfig(diverging), tinyConfig(diverging, { membersAtOnce: 2, membersWay: 'processes' })];
    const first = await runs.run(one, runs.fresh()).catch((error) => error);
    const second = await run(two, runs.fresh()).catch((error) => error);
    expect(second.message).toBe(first.message);
    expect(second).toMatchObject({ kind: 'DivergedError' });
  });
});
