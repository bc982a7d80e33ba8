/** Measures the cost of a search step relative to a training step on the same batch. One worker does both, in turn. */

import { Session } from '../../src/run/session/session';
import { fitCalibration } from '../../src/trust-tech/auto';
import { atMost, type Bench, type BenchOptions, type Row, rowOf } from './bench';
import { interleave, median, secondsOf, timeRatio } from './measure/interleave';
import { configOf, NETWORKS, openWithPaths, PATHS, rates, searchSteps } from './measure/tasks';

const MEASURED = {
  resnet20: { target: 1.03, steps: { quick: 6, full: 20 } },
  digits: { target: 1.05, steps: { quick: 100, full: 300 } },
  resnet164: { target: 1.03, steps: { quick: 20, full: 60 } },
};

export const search: Bench = {
  name: 'search',
  compares: 'time of a search step over a descent step, same batches',
  run: async (options) => {
    const session = await Session.start();
    try {
      if (options.device !== 'cpu') return [await compare('resnet164', session, options)];
      return [await compare('resnet20', session, options), await compare('digits', session, options)];
    } finally {
      await session.close();
    }
  },
};

async function compare(
  network: keyof typeof MEASURED,
  session: Session,
  { pairs, quick, device }: BenchOptions,
): Promise<Row> {
  const config = configOf(network, device);
  const { target, steps: lengths } = MEASURED[network];
  const steps = lengths[quick ? 'quick' : 'full'];
  const executor = await openWithPaths(session, config);
  const { localSolver, dspTt } = config;
  const begin = (pair: number) => ({ stream: 'data', start: (pair + 1) * steps });
  const searched = { paths: PATHS, solver: fitCalibration(dspTt.calibration, localSolver), ...searchSteps(steps) };
  const trained = { point: 'moving', lr: rates(steps), solver: localSolver };
  const found = await interleave(
    pairs,
    (pair) => secondsOf(() => executor.search({ ...searched, ...begin(pair) })),
    (pair) => secondsOf(() => executor.descend({ ...trained, ...begin(pair) })),
  );
  return rowOf(`search: ${NETWORKS[network].shows}`, timeRatio(found), atMost(target), {
    'search ms/step': (1000 * median(found.first)) / steps,
    'descent ms/step': (1000 * median(found.second)) / steps,
  });
}
