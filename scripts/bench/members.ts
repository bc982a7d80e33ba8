/**
 * Measures the gain of training networks at once: five of them at once, in the way that `auto` picks, against one after
 * the other, with as many threads in all: as processes, two workers of one thread against one of two threads; as a
 * stack, one worker and one thread on both sides.
 */
import { Lanes } from '../../src/bridge/workers/lanes';
import { LocalLauncher } from '../../src/bridge/workers/local-launcher';
import { type RunWorker, Worker } from '../../src/bridge/workers/worker';
import { resolveConfig } from '../../src/config/resolve';
import type { Config, ConfigInput } from '../../src/config/schema';
import { TorchExecutor } from '../../src/executor/torch';
import { atLeast, type Bench, type BenchOptions, type Row, rowOf } from './bench';
import { interleave, median, secondsOf, timeRatio } from './measure/interleave';
import { rates } from './measure/tasks';

const MEMBERS = ['a', 'b', 'c', 'd', 'e'];

interface Case {
  readonly shows: string;
  readonly values: ConfigInput;
  readonly atOnce: number;
  readonly target: number;
  /** Training steps of a network and a pair. */
  readonly steps: { readonly quick: number; readonly full: number };
}

const CASES: readonly Case[] = [
  {
    shows: 'digits, perceptron 64-32-10, batch 50',
    values: { model: { name: 'mlp' } },
    atOnce: MEMBERS.length,
    target: 2.5,
    steps: { quick: 200, full: 800 },
  },
  { shows: 'digits, conv, batch 50', values: {}, atOnce: 2, target: 1.3, steps: { quick: 50, full: 200 } },
];

export const members: Bench = {
  name: 'members',
  compares: 'time of five networks one after the other over five at once, with the same threads in all',
  run: async (options) => {
    if (options.device !== 'cpu') return []; // on CUDA a stack alone would be possible, and is not what `auto` is for
    const workers: Worker[] = [];
    const start = async () => {
      const worker = await Worker.start(new LocalLauncher());
      workers.push(worker);
      return worker;
    };
    try {
      const rows: Row[] = [];
      for (const one of CASES) rows.push(await compare(one, start, options));
      return rows;
    } finally {
      for (const worker of workers) await worker.close();
    }
  },
};

async function compare(one: Case, start: () => Promise<Worker>, { pairs, quick }: BenchOptions): Promise<Row> {
  const atOnce = configOf(one, { membersAtOnce: one.atOnce });
  const isStack = atOnce.membersWay === 'stack';
  const inTurn = configOf(one, { threads: isStack ? 1 : one.atOnce });
  const steps = one.steps[quick ? 'quick' : 'full'];
  const sequential = await open(await start(), inTurn);
  const home = await start();
  const others = await Promise.all(Array.from({ length: isStack ? 0 : one.atOnce - 1 }, start));
  const together = await open(new Lanes(home, others), atOnce);
  const side = (executor: TorchExecutor) => (pair: number) =>
    secondsOf(() => train(executor, steps, (pair + 1) * steps));
  const found = await interleave(pairs, side(sequential), side(together));
  const perSecond = (seconds: readonly number[]) => (MEMBERS.length * steps) / median(seconds);
  return rowOf(`members at once: ${one.shows}`, timeRatio(found), atLeast(one.target), {
    way: isStack ? `stack of ${one.atOnce}, 1 thread` : `${one.atOnce} processes of 1 thread`,
    'one after the other steps/s': perSecond(found.first),
    'at once steps/s': perSecond(found.second),
  });
}

function configOf({ values }: Case, changes: ConfigInput): Config {
  const common = {
    preset: 'digits',
    method: 'independent',
    device: 'cpu',
    threads: 1,
    dataset: { args: { shift: 1 } },
  };
  return resolveConfig([common, values, changes].map((layer) => ({ from: 'members', values: layer })));
}

async function open(worker: RunWorker, config: Config): Promise<TorchExecutor> {
  const executor = await TorchExecutor.open(worker, config);
  for (const member of MEMBERS) await executor.newPoint(member, `init/${member}`);
  return executor;
}

/** Trains all networks; the call of `distances` waits until they can be measured. */
async function train(executor: TorchExecutor, steps: number, start: number): Promise<void> {
  const programs = MEMBERS.map((point) => ({
    point,
    stream: `data/${point}`,
    start,
    lr: rates(steps),
    solver: SOLVER,
  }));
  await executor.descendAll(programs);
  await executor.distances(MEMBERS);
}

const SOLVER = {
  solver: 'sgd',
  momentum: 0.9,
  nesterov: false,
  weightDecay: 3e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
} as const;
