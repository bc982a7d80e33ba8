import fs from 'node:fs';
import path from 'node:path';
import { CommandLauncher } from '../../../src/bridge/placed/command-launcher';
import { LaneKeeper } from '../../../src/bridge/workers/lane-keeper';
import { Supervisor } from '../../../src/bridge/workers/supervisor';
import type { RunEvent } from '../../../src/run/events';
import { Session } from '../../../src/run/session/session';
import { isRunning, tinyConfig, until, usePlainPython, workersOf } from '../../builders';
import { DurableRuns, once, type Remains, recordsOf, remainsOf } from './runs';

usePlainPython();

const config = tinyConfig({
  preset: 'digits',
  method: 'independent',
  budget: { steps: 240 },
  independent: { members: 3 },
  threads: 1,
  membersAtOnce: 2,
  membersWay: 'processes',
});
const runs = new DurableRuns();
let undisturbed: Remains;

/** All that a run leaves; which of two workers answers first is not told. */
function settled(out: string): Remains {
  const { results, ...others } = remainsOf(out);
  return { ...others, results: [...results].sort() };
}

const made = (what: string, done: number) => (event: RunEvent) =>
  event.type === 'progress' && event.what === what && event.done >= done;

beforeAll(async () => {
  const out = runs.fresh();
  await runs.run(config, out);
  undisturbed = settled(out);
});

/** A command that stands for a scheduler with so many places, which are given once: later workers wait for ever. */
class Places {
  readonly on: string;
  readonly #pids: string;
  readonly #supervisors: Supervisor[] = [];
  keeper: LaneKeeper | undefined;

  constructor(count: number) {
    this.#pids = path.join(runs.fresh(), 'pids');
    fs.mkdirSync(path.dirname(this.#pids));
    this.on = path.join(path.dirname(this.#pids), 'place');
    const wait = `[ "$(wc -l < '${this.#pids}')" -gt ${count} ] && while :; do sleep 0.05; done`;
    fs.writeFileSync(this.on, `#!/bin/sh\necho $$ >> '${this.#pids}'\n${wait}\nexec "$@"\n`, { mode: 0o755 });
  }

  /** Processes of the command, those that wait too. */
  get pids(): number[] {
    return fs.readFileSync(this.#pids, 'utf8').split('\n').filter(Boolean).map(Number);
  }

  /** Starts two lanes; resolves when so many workers have their places, and the others wait for theirs. */
  async start(there: number): Promise<LaneKeeper> {
    const start = async (signal?: AbortSignal) => {
      const started = await Supervisor.start(new CommandLauncher([this.on]), { backOffMs: 1, beatMs: 20 }, signal);
      this.#supervisors.push(started);
      return started;
    };
    this.keeper = new LaneKeeper(await start(), start, 2);
    await until(() => this.#supervisors.length === there && this.pids.length === 2);
    return this.keeper;
  }

  async close(): Promise<void> {
    await Promise.all([this.#supervisors[0].close(), this.keeper?.close()]);
    expect(this.pids.filter(isRunning)).toEqual([]);
  }
}

describe('members at once on workers that are placed', () => {
  it('are, bit for bit, those of a local run on two places, and on one while the other worker waits', async () => {
    for (const count of [2, 1]) {
      const places = new Places(count);
      const out = runs.fresh();
      await runs.run(config, out, { supervisor: await places.start(count) });
      expect(settled(out)).toEqual(undisturbed);
      await places.close();
    }
  });

  it.each([
    ['the first worker', 0],
    ['the second worker', 1],
  ])('go on at once where the place of %s is lost for ever, on the worker that lives', async (_, lost) => {
    const places = new Places(2);
    const supervisor = await places.start(2);
    const out = runs.fresh();
    const onEvent = once(made('member2', 20), () => process.kill(places.pids[lost], 'SIGKILL'));
    await runs.run(config, out, { supervisor, onEvent });
    expect(settled(out)).toEqual(undisturbed);
    expect(isRunning(places.pids[1 - lost])).toBe(true);
    expect(recordsOf(out).filter(({ kind }) => kind === 'restart')).toHaveLength(1);
    await places.close();
  });

  it('can be interrupted while all but one worker wait, and go on elsewhere', async () => {
    const places = new Places(1);
    const out = await runs.interrupted(config, made('member2', 20), { supervisor: await places.start(1) });
    await places.close();
    await runs.run(config, out, { resume: true });
    expect(settled(out)).toEqual(undisturbed);
  });
});

it('members at once have a GPU each of this machine, and the bits of a local run', async () => {
  const { PATH, CUDA_VISIBLE_DEVICES } = process.env;
  const directory = runs.fresh();
  fs.mkdirSync(directory);
  fs.writeFileSync(path.join(directory, 'nvidia-smi'), "#!/bin/sh\nprintf '4\\n5\\n'\n", { mode: 0o755 });
  process.env.PATH = `${directory}:${PATH}`;
  Reflect.deleteProperty(process.env, 'CUDA_VISIBLE_DEVICES');
  const before = workersOf(process.pid);
  const session = await Session.start({ on: 'gpus', chunk: 10 });
  const out = runs.fresh();
  await session.run(config, { out, checkpointMinutes: 1e-9 });
  expect(settled(out)).toEqual(undisturbed);
  const workers = () => workersOf(process.pid).filter((pid) => !before.includes(pid));
  await until(() => workers().length === 2);
  const environments = workers().map((pid) => fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'));
  const gpus = environments.map((all) => all.find((name) => name.startsWith('CUDA_VISIBLE_DEVICES=')));
  expect(gpus.sort()).toEqual(['CUDA_VISIBLE_DEVICES=4', 'CUDA_VISIBLE_DEVICES=5']);
  await session.close();
  expect(workers()).toEqual([]);
  process.env.PATH = PATH;
  if (CUDA_VISIBLE_DEVICES !== undefined) process.env.CUDA_VISIBLE_DEVICES = CUDA_VISIBLE_DEVICES;
});
