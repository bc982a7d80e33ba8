/**
 * Measures training against the loop that users run today (`users_loop.py`): samples per second, and the loss that both
 * reach on the same budget, each pair with fresh networks; and how near our time is to the machine's best.
 */
import { z } from 'zod';
import type { Config } from '../../src/config/schema';
import { Session } from '../../src/run/session/session';
import { SCHEDULES } from '../../src/schedules';
import { atLeast, atMost, type Bench, type BenchOptions, type Row, rowOf } from './bench';
import { interleave, median, speedRatio } from './measure/interleave';
import { pairedRatio } from './measure/pairs';
import { configOf, NETWORKS } from './measure/tasks';
import { PythonSide } from './python-side';

const MEASURED = {
  resnet20: { target: 1.1, epochs: { quick: 0.25, full: 1 } },
  digits: { target: 1.5, epochs: { quick: 15, full: 80 } },
  vgg: { target: 1.5, epochs: { quick: 0.5, full: 4 } },
  resnet164: { target: 3, epochs: { quick: 1, full: 1 } },
  resnet164Tf32: { target: 1.5, epochs: { quick: 1, full: 1 } },
  vgg16: { target: 1, epochs: { quick: 1, full: 2 } },
};
const ON_CPU = ['resnet20', 'digits', 'vgg'] as const;
/** Networks on CUDA. Users' float32 is TF32 in convolutions, by torch's own default: that is the same precision. */
const ON_CUDA = ['resnet164', 'resnet164Tf32', 'vgg16'] as const;
const SAME_LOSS = 1.02;

const trained = z.strictObject({ seconds: z.number(), loss: z.number() });
const peaks = z.strictObject({ gflops: z.number(), gbps: z.number() });
const work = z.strictObject({ gflop: z.number(), gb: z.number() });

interface Sides {
  readonly session: Session;
  readonly users: PythonSide;
  readonly floors: PythonSide;
}

export const train: Bench = {
  name: 'train',
  compares: 'samples per second over the loop that users run today; and the loss of both',
  run: async (options) => {
    const sides = {
      session: await Session.start(),
      users: new PythonSide('users_loop.py'),
      floors: new PythonSide('floors.py'),
    };
    try {
      const peak = await sides.floors.ask({ do: 'peak', device: options.device }, peaks);
      const rows: Row[] = [];
      for (const network of options.device === 'cpu' ? ON_CPU : ON_CUDA) {
        rows.push(...(await compare(network, sides, peak, options)));
      }
      return rows;
    } finally {
      await Promise.all([sides.users.end(), sides.floors.end(), sides.session.close()]);
    }
  },
};

async function compare(
  network: keyof typeof MEASURED,
  { session, users, floors }: Sides,
  peak: z.infer<typeof peaks>,
  { pairs, quick, device }: BenchOptions,
): Promise<Row[]> {
  const config = configOf(network, device, { channelsLast: true }); // oneDNN's convolutions take that layout directly
  const { target, epochs } = MEASURED[network];
  const ours = await ourLoop(session, config, epochs[quick ? 'quick' : 'full']);
  const { dataset, model, localSolver: solver } = config;
  const common = { dataset, model, batchSize: ours.batch };
  await users.ask({ do: 'open', ...common, solver, device }, trained);
  const losses: [number[], number[]] = [[], []];
  const found = await interleave(
    pairs,
    async (pair) => keep(losses[0], pair, await ours.train(pair + 1)),
    async (pair) =>
      keep(losses[1], pair, await users.ask({ do: 'train', rates: [...ours.rates], seed: pair + 1 }, trained)),
  );
  const step = await floors.ask({ do: 'step', ...common }, work);
  const steps = ours.rates.length;
  const perStep = median(found.first) / steps;
  const samples = (seconds: readonly number[]) => (ours.batch * steps) / median(seconds);
  return [
    rowOf(`train, channels last: ${NETWORKS[network].shows}`, speedRatio(found), atLeast(target), {
      'ours samples/s': samples(found.first),
      "users' samples/s": samples(found.second),
      'ours GFLOP/s': step.gflop / perStep,
      'of a matrix product at': `${percent(step.gflop / perStep / peak.gflops)} of ${peak.gflops.toFixed(0)}`,
      'ours GB/s': step.gb / perStep,
      'of a copy at': `${percent(step.gb / perStep / peak.gbps)} of ${peak.gbps.toFixed(1)}`,
    }),
    rowOf(
      `train, last epoch's loss: ${network}, ${steps} steps`,
      pairedRatio(losses[0].map((loss, pair) => loss / losses[1][pair])),
      atMost(SAME_LOSS),
      { ours: median(losses[0]), "users'": median(losses[1]) },
    ),
  ];
}

function keep(losses: number[], pair: number, { seconds, loss }: z.infer<typeof trained>): number {
  if (pair >= 0) losses.push(loss);
  return seconds;
}

/** Trains fresh networks by our worker; each pair has its own seed. */
async function ourLoop(session: Session, config: Config, epochs: number) {
  const executor = await session.open(config);
  const { stepsPerEpoch, samples } = executor.task;
  const steps = Math.round(epochs * stepsPerEpoch);
  const { lr, schedule } = config.localSolver;
  const rates = SCHEDULES[schedule](lr, steps);
  const train = async (seed: number) => {
    const point = `trained${seed}`;
    await executor.newPoint(point, `init/${seed}`);
    const start = performance.now();
    const { loss } = await executor.descend({
      point,
      stream: `data/${seed}`,
      start: 0,
      lr: rates,
      solver: config.localSolver,
    });
    const seconds = (performance.now() - start) / 1000;
    await executor.drop({ points: [point] });
    const last = loss.subarray(-stepsPerEpoch);
    return { seconds, loss: last.reduce((sum, value) => sum + value, 0) / last.length };
  };
  return { rates, train, batch: Math.floor(samples.train / stepsPerEpoch) };
}

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}
