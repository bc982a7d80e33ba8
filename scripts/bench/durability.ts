/**
 * Measures the cost of journal and checkpoints: the wall time of a user's run against the same method directly on the
 * same worker, which writes the same directory without them; one torch thread, interleaved pairs of DSP-TT at defaults.
 * Run with `npm run bench:durability [-- --pairs N] [--runs digits,resnet20] [--data-dir DIR]`: with the folder of CIFAR-10
 * ResNet-20 trains on it, else on the built-in excerpt.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveConfig } from '../../src/config/resolve';
import { budgetSteps, type Config, type ConfigInput } from '../../src/config/schema';
import { findMethod } from '../../src/methods';
import { assess } from '../../src/run/assess/assess';
import { resultOf } from '../../src/run/result';
import { Session } from '../../src/run/session/session';
import { type Disk, nodeDisk } from '../../src/store/disk/disk';
import type { Result } from '../../src/store/result';
import { RunDirectory } from '../../src/store/run-directory';
import { atMost, type Bench, type Row, rowOf } from './bench';
import { interleave, median, timeRatio } from './measure/interleave';
import { rowsTable } from './measure/report';
import { SHORT_RUN } from './measure/tasks';

const TARGET = 1.01;
const MOST_QUICK = 1;
const RUNS: Readonly<Record<string, (dir: string | undefined) => ConfigInput>> = {
  digits: () => ({ preset: 'digits' }),
  quick: () => ({ preset: 'digits', ...SHORT_RUN }),
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

export const durability: Bench = {
  name: 'durability',
  compares: 'time of a run with its journal and checkpoints over the same method without',
  run: ({ pairs, quick, device }) =>
    quick ? compare(['quick'], Math.min(pairs, MOST_QUICK), device) : compare(['digits'], pairs, device),
};

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { pairs: text, runs: text, 'data-dir': text } });
  const names = values.runs?.split(',') ?? ['digits', 'resnet20'];
  const rows = await compare(names, Number(values.pairs ?? 11), 'cpu', values['data-dir']);
  console.log(`CPU, 1 thread; ${new Date().toISOString()}`);
  console.log(rowsTable(rows));
}

async function compare(names: readonly string[], pairs: number, device: string, dataDir?: string): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'dsptt-bench-'));
  const session = await Session.start();
  try {
    const rows: Row[] = [];
    for (const name of names) {
      const config = resolveConfig([{ from: name, values: { ...RUNS[name](dataDir), method: 'dsp-tt' } }]);
      rows.push(await measure(name, session, { ...config, threads: 1, device }, pairs, directory));
    }
    return rows;
  } finally {
    await session.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(name: string, session: Session, config: Config, pairs: number, directory: string): Promise<Row> {
  const waits: number[] = [];
  const results: [Result?, Result?] = [];
  const out = join(directory, 'run');
  let calls = 0;
  const timed = async (run: () => Promise<Result>, which: 0 | 1) => {
    const begun = performance.now();
    results[which] = await run();
    const seconds = (performance.now() - begun) / 1000;
    rmSync(out, { recursive: true });
    mustBeEqual(results);
    return seconds;
  };
  const found = await interleave(
    pairs,
    async (pair) => {
      const watched = new WatchedDisk();
      const seconds = await timed(() => session.run(config, { out, disk: watched.disk }), 0);
      if (pair >= 0) waits.push(watched.ms / 1000 / seconds);
      calls = watched.calls;
      return seconds;
    },
    () => timed(() => plain(session, config, out), 1),
  );
  return rowOf(`durability: ${name}`, timeRatio(found), atMost(TARGET), {
    steps: results[0]?.budget.steps ?? 0,
    'with s': median(found.first),
    'without s': median(found.second),
    // Time in calls for journal and checkpoints, while the worker goes on
    'on the disk': `${(100 * median(waits)).toFixed(2)} % in ${calls} calls`,
  });
}

/** Runs the method without journal and checkpoints: the same function directly on the worker, and the same files. */
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

/** @throws Error if the two ways of running give different results */
function mustBeEqual([one, other]: readonly [Result?, Result?]): void {
  const found = ({ budget, members, ensembles }: Result) => JSON.stringify({ budget, members, ensembles });
  if (one && other && found(one) !== found(other)) throw new Error('the two ways of running do not find the same');
}

/** The machine's file system; sums up the time of calls for the journal and checkpoints, some of which overlap. */
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

if (require.main === module) {
  main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
