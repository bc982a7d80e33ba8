/**
 * What do journal and checkpoints cost? The wall time of a run as users have it against the same method straight on the
 * same worker, which writes the same directory but for them; one torch thread, interleaved pairs of DSP-TT at defaults.
 * Run with `npm run bench:durability [-- --pairs N] [--runs digits,resnet20] [--data-dir DIR]`: with the folder of CIFAR-10
 * ResNet-20 trains on it, else on the built-in excerpt.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { resolveConfig } from '../../src/config/resolve';
import { budgetSteps, type Config, type ConfigInput } from '../../src/config/schema';
import { assess } from '../../src/experiment/assess';
import { resultOf } from '../../src/experiment/result';
import { Session } from '../../src/experiment/session';
import { findMethod } from '../../src/methods';
import { type Disk, nodeDisk } from '../../src/store/disk';
import type { Result } from '../../src/store/result';
import { RunDirectory } from '../../src/store/run-directory';
import { pairedRatio } from './pairs';

const TARGET = 1.01;
const RUNS: Readonly<Record<string, (dir: string | undefined) => ConfigInput>> = {
  digits: () => ({ preset: 'digits' }),
  resnet20: (dir) => ({
    preset: 'cifar10-resnet164',
    scale: 'reduced',
    budget: { epochs: 20 },
    ...(dir === undefined ? EXCERPT : { dataset: { dir } }),
  }),
};
const EXCERPT: ConfigInput = {
  dataset: { name: 'cifar10-sample', args: { train: 1500, validation: 500, test: 500, side: 16 } },
  dspTt: { tiers: [3], tierShare: 0.5, searchShare: 0.35, rho1: { increment: 0.028 } },
  pairBarriers: false,
};

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { pairs: text, runs: text, 'data-dir': text } });
  const pairs = Number(values.pairs ?? 11);
  const names = values.runs?.split(',') ?? Object.keys(RUNS);
  const directory = mkdtempSync(join(tmpdir(), 'dsptt-bench-'));
  const session = await Session.start();
  try {
    const table = new Table({
      head: ['run', 'steps', 'with s', 'without s', 'ratio', '95 % interval', 'target', 'met', 'on the disk', 'calls'],
      style: { head: [], border: [] },
    });
    for (const name of names) {
      const config = resolveConfig([{ from: name, values: { ...RUNS[name](values['data-dir']), method: 'dsp-tt' } }]);
      table.push([name, ...(await measure(session, { ...config, threads: 1, device: 'cpu' }, pairs, directory))]);
    }
    console.log(`CPU, 1 thread, ${pairs} pairs; ${new Date().toISOString()}`);
    console.log(table.toString());
    console.log(
      'on the disk: time in calls for journal and checkpoints, a part of the run; the worker goes on meanwhile',
    );
  } finally {
    await session.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  session: Session,
  config: Config,
  pairs: number,
  directory: string,
): Promise<(string | number)[]> {
  const seconds: [number[], number[]] = [[], []];
  const waits: number[] = [];
  let [steps, calls] = [0, 0];
  for (let pair = -1; pair < pairs; pair += 1) {
    const results: Result[] = [];
    for (const side of pair % 2 === 0 ? [0, 1] : [1, 0]) {
      const out = join(directory, 'run');
      const watched = new WatchedDisk();
      const begun = performance.now();
      results.push(await (side === 0 ? session.run(config, { out, disk: watched.disk }) : plain(session, config, out)));
      const passed = (performance.now() - begun) / 1000;
      rmSync(out, { recursive: true });
      if (pair < 0) continue; // it warms up
      seconds[side].push(passed);
      if (side === 0) {
        waits.push(watched.ms / 1000 / passed);
        calls = watched.calls;
      }
    }
    steps = mustBeEqual(results);
  }
  const { median, low, high } = pairedRatio(seconds[0].map((durable, pair) => durable / seconds[1][pair]));
  return [
    steps,
    middle(seconds[0]).toFixed(2),
    middle(seconds[1]).toFixed(2),
    median.toFixed(3),
    `${low.toFixed(3)} to ${high.toFixed(3)}`,
    `<= ${TARGET}`,
    low <= TARGET ? 'yes' : 'no',
    `${(100 * middle(waits)).toFixed(2)} %`,
    calls,
  ];
}

/** The run without what makes it durable: the same function straight on the worker, and the same files. */
async function plain(session: Session, config: Config, out: string): Promise<Result> {
  const begun = performance.now();
  const directory = await RunDirectory.create(out);
  await directory.saveConfig(config);
  const executor = await session.open(config);
  const { task } = executor;
  const steps = budgetSteps(config, task.stepsPerEpoch);
  const outcome = await findMethod(config.method).run({ executor, config, steps, tier0: null, report: () => {} });
  const assessment = await assess(executor, outcome, config, {
    member: (name, file) => directory.saveMember(name, file),
    outputs: (split, name, values, columns) => directory.saveOutputs(split, name, values, columns),
  });
  await directory.saveTraces(outcome.traces);
  const wallSeconds = (performance.now() - begun) / 1000;
  const timings = { phases: [], stepsPerSecond: steps / wallSeconds, wallSeconds };
  const result = resultOf({ config, task, outcome, assessment, versions: {}, timings });
  await directory.finish(result);
  return result;
}

/** @returns the steps that both took */
function mustBeEqual([one, other]: readonly Result[]): number {
  const found = ({ budget, members, ensembles }: Result) => JSON.stringify({ budget, members, ensembles });
  if (found(one) !== found(other)) throw new Error('the two ways of running do not find the same');
  return one.budget.steps;
}

/** The machine's file system; sums up the time of calls for the journal and checkpoints, of which some overlap. */
class WatchedDisk {
  ms = 0;
  calls = 0;
  readonly disk: Disk = {
    open: async (path) => {
      const file = await this.#timed(path, () => nodeDisk.open(path));
      return {
        write: (bytes, position) => this.#timed(path, () => file.write(bytes, position)),
        truncate: (bytes) => this.#timed(path, () => file.truncate(bytes)),
        sync: () => this.#timed(path, () => file.sync()),
        close: () => this.#timed(path, () => file.close()),
      };
    },
    rename: (from, to) => this.#timed(to, () => nodeDisk.rename(from, to)),
    remove: (path) => this.#timed(path, () => nodeDisk.remove(path)),
    syncDirectory: (path) => this.#timed(path, () => nodeDisk.syncDirectory(path)),
  };

  async #timed<T>(path: string, call: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await call();
    } finally {
      if (/journal\.\w+$|\/checkpoints(\/|$)/.test(path)) {
        this.ms += performance.now() - begun;
        this.calls += 1;
      }
    }
  }
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
