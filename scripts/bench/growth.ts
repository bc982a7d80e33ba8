/**
 * Measures the growth of time with the paths of a search, the parameters of a network, and the members of an ensemble.
 */

import { combine } from '../../src/ensemble/combine';
import { outputCorrelations } from '../../src/ensemble/diversity';
import { metrics } from '../../src/ensemble/metrics';
import { Session } from '../../src/run/session/session';
import { fitCalibration } from '../../src/trust-tech/auto';
import { atLeast, type Bench, type BenchOptions, type Row, rowOf } from './bench';
import { median, secondsOf } from './measure/interleave';
import { linearFit } from './measure/linear-fit';
import { pairedRatio } from './measure/pairs';
import { configOf, rates } from './measure/tasks';

/** Fraction of the variance that a straight line must explain. */
const LINEAR = 0.95;
const ROUNDS = { quick: 2, full: 15 };
const PATHS = [1, 2, 5, 10, 20];
const STEPS_A_PATH = { quick: 5, full: 15 };
/** Units of the hidden layers, which give 1e4 to 1e7 parameters with 64 inputs and 10 outputs. */
const HIDDEN = { quick: [[133], [1333], [950, 950]], full: [[133], [1333], [950, 950], [2200, 2200], [3125, 3125]] };
const MEMBERS = [2, 5, 10, 20, 50];
const STEPS_A_MEMBER = { quick: 2, full: 15 };

export const growth: Bench = {
  name: 'growth',
  compares: 'how well a straight line explains time against paths, parameters and members (R2)',
  run: async (options) => {
    const session = await Session.start();
    try {
      return [
        await againstPaths(session, options),
        await againstParameters(session, options),
        await againstMembers(session, options),
      ];
    } finally {
      await session.close();
    }
  },
};

/** Times a search that picks each path the same number of times. */
async function againstPaths(session: Session, options: BenchOptions): Promise<Row> {
  const config = configOf('digits', options.device);
  const executor = await session.open(config);
  await executor.newPoint('origin', 'init');
  const names = Array.from({ length: Math.max(...PATHS) }, (_, k) => `path${k}`);
  const work = async (paths: number) => {
    const some = names.slice(0, paths);
    const steps = STEPS_A_PATH[scale(options)] * paths;
    for (const path of some) await executor.newPath(path, 'origin', path, 'layer');
    await executor.search({
      paths: some,
      stream: 'search',
      start: 0,
      path: Int32Array.from({ length: steps }, (_, i) => i % paths),
      growth: new Float64Array(steps).fill(1),
      rho2: new Float64Array(steps),
      solver: fitCalibration(config.dspTt.calibration, config.localSolver),
    });
    await executor.drop({ paths: some });
  };
  return fitted('paths', PATHS, work, options, 'ms a path');
}

/** Times a step of training and a step of search: the cost of a vector of parameters grows with its length. */
async function againstParameters(session: Session, options: BenchOptions): Promise<Row> {
  const sizes: number[] = [];
  const seconds: number[][] = [];
  for (const hidden of HIDDEN[scale(options)]) {
    const mlp = { model: { name: 'mlp', args: { hidden } }, dataset: { args: { shift: 0 } } };
    const config = configOf('digits', options.device, mlp);
    const executor = await session.open(config);
    await executor.newPoint('point', 'init');
    const steps = executor.task.parameters < 1e6 ? 20 : 4;
    const descend = { point: 'point', stream: 'data', start: 0, lr: rates(steps), solver: config.localSolver };
    sizes.push(executor.task.parameters);
    await executor.descend(descend);
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS[scale(options)]; round += 1) {
      rounds.push((await secondsOf(() => executor.descend(descend))) / steps);
    }
    seconds.push(rounds);
  }
  const byRound = seconds[0].map((_, round) => seconds.map((rounds) => rounds[round]));
  return rowOfFits('parameters', sizes, byRound, 'ms a million', 1e6);
}

/** Times members that are trained one after the other, evaluated and combined. */
async function againstMembers(session: Session, options: BenchOptions): Promise<Row> {
  const config = configOf('digits', options.device);
  const executor = await session.open(config);
  const targets = await executor.targets('test');
  const lr = rates(STEPS_A_MEMBER[scale(options)]);
  const work = async (members: number) => {
    const points = Array.from({ length: members }, (_, k) => `member${k}`);
    for (const point of points) {
      void executor.newPoint(point, `init/${point}`);
      void executor.descend({ point, stream: `data/${point}`, start: 0, lr, solver: config.localSolver });
    }
    const evaluated = await Promise.all(points.map((point) => executor.evaluate(point, 'test')));
    const outputs = evaluated.map((evaluation) => evaluation.outputs);
    metrics(combine(outputs, outputs[0].length / targets.length, 'meanSoftmax'), targets);
    outputCorrelations(outputs);
    await executor.drop({ points });
  };
  return fitted('members', MEMBERS, work, options, 'ms a member');
}

async function fitted(
  what: string,
  sizes: readonly number[],
  work: (size: number) => Promise<void>,
  options: BenchOptions,
  slope: string,
): Promise<Row> {
  await work(sizes[sizes.length - 1]); // warms up
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS[scale(options)]; round += 1) {
    const seconds: number[] = [];
    for (const size of sizes) seconds.push(await secondsOf(() => work(size)));
    rounds.push(seconds);
  }
  return rowOfFits(what, sizes, rounds, slope, 1);
}

function rowOfFits(
  what: string,
  sizes: readonly number[],
  rounds: readonly (readonly number[])[],
  slope: string,
  unit: number,
): Row {
  const fits = rounds.map((seconds) => linearFit(sizes, seconds));
  const times = sizes.map((size, k) => `${size}: ${(1000 * median(rounds.map((round) => round[k]))).toPrecision(3)}`);
  return rowOf(`growth: R2 against ${what}`, pairedRatio(fits.map(({ r2 }) => r2)), atLeast(LINEAR), {
    [slope]: 1000 * unit * median(fits.map((fit) => fit.slope)),
    'with none, ms': 1000 * median(fits.map(({ intercept }) => intercept)),
    ms: times.join(', '),
  });
}

function scale({ quick }: BenchOptions): 'quick' | 'full' {
  return quick ? 'quick' : 'full';
}
