/**
 * Measures the cost of driving the worker from TypeScript: steps per second over ZeroMQ against the same programs
 * called inside one Python process; one torch thread on both sides.
 */

import { z } from 'zod';
import type { Config } from '../../src/config/schema';
import { Session } from '../../src/run/session/session';
import { fitCalibration } from '../../src/trust-tech/auto';
import type { Floats } from '../../src/trust-tech/space';
import { atLeast, type Bench, type BenchOptions, type Row, rowOf } from './bench';
import { interleave, median, speedRatio } from './measure/interleave';
import { configOf, NETWORKS, type Network, openWithPaths, PATHS, rates, searchSteps } from './measure/tasks';
import { PythonSide } from './python-side';

const TARGET = 0.99;
const CHUNK = 100;
const CELL = 50;
const LAG = 2;
/** Steps of a pair's side, a few seconds of them in all. */
const STEPS = {
  digits: { quick: 100, full: 300 },
  resnet20: { quick: 6, full: 20 },
  resnet164: { quick: 20, full: 60 },
};

const timed = z.strictObject({ seconds: z.number(), loss: z.number() });
type Timed = z.infer<typeof timed>;
type Program = 'descend' | 'search';
type Programs = Readonly<Record<Program, (start: number) => Promise<Timed>>>;

export const bridge: Bench = {
  name: 'bridge',
  compares: 'steps per second driven over ZeroMQ over the same programs called in one Python process',
  run: async (options) => {
    const session = await Session.start();
    const python = new PythonSide('in_process.py');
    try {
      const rows: Row[] = [];
      for (const network of options.device === 'cpu' ? (['digits', 'resnet20'] as const) : (['resnet164'] as const)) {
        rows.push(...(await compare(network, session, python, options)));
      }
      return rows;
    } finally {
      await python.end();
      await session.close();
    }
  },
};

async function compare(
  network: keyof typeof STEPS & Network,
  session: Session,
  python: PythonSide,
  { pairs, quick, device }: BenchOptions,
): Promise<Row[]> {
  const config = configOf(network, device);
  const steps = STEPS[network][quick ? 'quick' : 'full'];
  const [driven, called] = [await overZeroMq(session, config, steps), await inPython(python, config, steps)];
  const rows: Row[] = [];
  for (const program of ['descend', 'search'] as const) {
    const losses: [number, number] = [0, 0];
    const side = (which: 0 | 1) => async (pair: number) => {
      const { seconds, loss } = await [driven, called][which][program]((pair + 1) * steps);
      losses[which] = loss;
      if (which === (pair % 2 === 0 ? 1 : 0)) mustBeEqual(losses, device);
      return seconds;
    };
    const found = await interleave(pairs, side(0), side(1));
    rows.push(
      rowOf(`bridge: ${program}, ${NETWORKS[network].shows}`, speedRatio(found), atLeast(TARGET), {
        'over ZeroMQ steps/s': steps / median(found.first),
        'in Python steps/s': steps / median(found.second),
      }),
    );
  }
  return rows;
}

function mustBeEqual([one, other]: readonly [number, number], device: string): void {
  if (device === 'cpu' && one !== other) throw new Error(`the two sides differ: loss ${one} and ${other}`);
}

/** Returns the programs as the executor sends them: descents in pieces, searches as cells with some in flight. */
async function overZeroMq(session: Session, config: Config, steps: number): Promise<Programs> {
  const executor = await openWithPaths(session, config);
  const { localSolver, dspTt } = config;
  return {
    descend: (start) =>
      time(() => executor.descend({ point: 'moving', stream: 'data', start, lr: rates(steps), solver: localSolver })),
    search: (start) =>
      time(async () => {
        const flying: ReturnType<typeof executor.search>[] = [];
        let last: { loss: Floats } = { loss: new Float32Array() };
        for (let at = 0; at < steps; at += CELL) {
          const cell = searchSteps(Math.min(CELL, steps - at));
          const common = { paths: PATHS, stream: 'search', solver: fitCalibration(dspTt.calibration, localSolver) };
          flying.push(executor.search({ ...common, start: start + at, ...cell }));
          const [oldest] = flying;
          if (flying.length > LAG) last = await oldest;
          if (flying.length > LAG) flying.shift();
        }
        for (const answer of flying) last = await answer;
        return last;
      }),
  };
}

async function inPython(python: PythonSide, config: Config, steps: number): Promise<Programs> {
  const { dataset, model, loss, precision, channelsLast, batchSize, seed, device, localSolver, dspTt } = config;
  const task = { dataset, model, loss, precision, channelsLast, batchSize, seed, device, threads: 1 };
  await python.ask({ do: 'open', task, paths: PATHS }, timed);
  const program = { steps, chunk: CHUNK, cell: CELL, paths: PATHS, rate: rates(1)[0], ...plainStep() };
  return {
    descend: (start) => python.ask({ do: 'descend', start, program, solver: localSolver }, timed),
    search: (start) => python.ask({ do: 'search', start, program, solver: dspTt.calibration }, timed),
  };
}

/** Returns the factors of a plain search step, the same for every step. */
function plainStep() {
  const { growth, rho2 } = searchSteps(1);
  return { growth: growth[0], rho2: rho2[0] };
}

async function time(work: () => Promise<{ readonly loss: Floats }>): Promise<Timed> {
  const start = performance.now();
  const { loss } = await work();
  return { seconds: (performance.now() - start) / 1000, loss: loss[loss.length - 1] };
}
