import { z } from 'zod';
import { SCHEDULES } from '../schedules';
import { averagedTrace, dataStream, initStream, SWA, TIER0 } from '../trust-tech/names';
import { averageWhileTraining } from './blocks/average';
import { mustConverge, train } from './blocks/train';
import { type ConfigWith, ensembleOf, type Method, type MethodFile, type Trace, trainedCandidate } from './method';

const options = {
  swa: z
    .strictObject({
      start: z.number().gt(0).lt(1).default(0.75).describe('part of the training after which weights are averaged'),
      lrTimes: z
        .number()
        .gt(0)
        .default(0.5)
        .describe("constant rate from there on, as a multiple of the training's lr0"),
      everyEpochs: z.number().gt(0).default(1).describe('epochs between two weights that enter the average'),
    })
    .prefault({})
    .describe('stochastic weight averaging (Izmailov et al. 2018)'),
};
/** Section of the configuration that says how weights are averaged; methods whose members end in an average read it too. */
export type Averages = typeof options;

/**
 * Stochastic weight averaging (Izmailov et al. 2018): train with the usual schedule, but so that it has come down to the
 * averaging's rate by `start` of the budget (as the authors' code does; their paper rather cuts the whole budget's schedule
 * off there); go on at that constant rate, and average the weights on the way. One network is what comes of it.
 */
const run: Method<ConfigWith<Averages>> = async (context) => {
  const { executor, config, steps, report } = context;
  const { localSolver, swa } = config;
  const start = Math.floor(steps * swa.start);
  const rate = localSolver.lr * swa.lrTimes;
  const every = Math.max(1, Math.round(swa.everyEpochs * executor.task.stepsPerEpoch));
  report({ type: 'phase', phase: SWA, steps });
  await executor.newPoint(SWA, initStream(TIER0));
  const on = { point: SWA, stream: dataStream(TIER0) };
  const traces: Trace[] = [];
  if (start > 0) {
    const lr = endingAt(SCHEDULES[localSolver.schedule](localSolver.lr, start), rate);
    const trained = await train(context, { ...on, lr });
    mustConverge(SWA, trained, localSolver.lr);
    traces.push(trained.trace);
  }
  const lr = SCHEDULES.constant(rate, steps - start);
  const averaged = await averageWhileTraining(context, { ...on, start, lr, every });
  mustConverge(`the averaging of ${SWA}`, averaged, rate);
  traces.push({ ...averaged.trace, name: averagedTrace(SWA) });
  report({ type: 'trained', network: SWA, divergedAt: null });
  const candidate = trainedCandidate(SWA, null);
  const spent = { steps, tier0: 0, search: 0 };
  return { candidates: [candidate], ensembles: [ensembleOf(SWA, [candidate])], result: SWA, spent, traces };
};

export const method = {
  run,
  title: 'SWA',
  options,
  reads: ['swa'],
  smoke: { swa: { everyEpochs: 0.2 } },
  takesTier0: false,
  networks: () => 2,
} as const satisfies MethodFile<Averages>;

/**
 * A schedule's rates from its highest on, drawn together in proportion so that they end at `last`; a warm-up before it, and
 * a schedule that never falls, stay as they are.
 */
export function endingAt(rates: Float64Array, last: number): Float64Array {
  const from = rates.reduce((highest, rate) => Math.max(highest, rate));
  const [peak, to] = [rates.indexOf(from), rates[rates.length - 1]];
  if (from === to) return rates;
  return rates.map((rate, step) => (step < peak ? rate : from + ((rate - from) * (last - from)) / (to - from)));
}
