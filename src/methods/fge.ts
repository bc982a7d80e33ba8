import { z } from 'zod';
import { SCHEDULES } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { takeSnapshots } from './blocks/take-snapshots';
import { type ConfigWith, ensembleOf, type Method, type MethodFile } from './method';

const options = {
  fge: z
    .strictObject({
      start: z.number().gt(0).lt(1).default(0.8).describe('part of the budget that trains the checkpoint'),
      cycles: z.int().min(1).max(1000).default(6).describe('cycles of the rate, a member in the middle of each'),
      lrMax: z.number().gt(0).default(0.05).describe('rate at the ends of a cycle'),
      lrMin: z.number().gt(0).default(5e-4).describe('rate in its middle'),
    })
    .prefault({})
    .describe('fast geometric ensembles'),
};

/**
 * Fast geometric ensembling (Garipov et al. 2018): train to a checkpoint at `start` of the budget with the usual schedule
 * of the whole budget, then cycle the rate between `lrMax` and `lrMin`; a member is taken in the middle of each cycle.
 */
const run: Method<ConfigWith<typeof options>> = async (context) => {
  const { fge, localSolver } = context.config;
  const checkpoint = Math.floor(context.steps * fge.start);
  const whole = SCHEDULES[localSolver.schedule](localSolver.lr, context.steps);
  const cycles = equalParts(context.steps - checkpoint, fge.cycles).flatMap((steps) => {
    const lr = triangularCycle(fge.lrMax, fge.lrMin, steps);
    const middle = Math.ceil(steps / 2);
    return [
      { lr: lr.subarray(0, middle), take: true },
      { lr: lr.subarray(middle), take: false },
    ];
  });
  const { candidates, traces } = await takeSnapshots(context, [
    { lr: whole.subarray(0, checkpoint), take: false },
    ...cycles,
  ]);
  const spent = { steps: context.steps, tier0: 0, search: 0 };
  return { candidates, ensembles: [ensembleOf('fge', candidates)], result: 'fge', spent, traces };
};

export const method = {
  run,
  title: 'FGE',
  options,
  reads: ['fge'],
  smoke: { fge: { start: 0.5, cycles: 2 } },
  takesTier0: false,
  networks: ({ fge: { cycles } }) => cycles + 1,
} as const satisfies MethodFile<typeof options>;

/**
 * One cycle of fast geometric ensembling (Garipov et al. 2018, section 4): linear from `lrMax` down to `lrMin` at half the
 * cycle, where a member is taken, and up again.
 */
export function triangularCycle(lrMax: number, lrMin: number, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    const done = (step + 1) / steps;
    const towardsMin = done < 0.5 ? 2 * done : 2 - 2 * done;
    return lrMax + (lrMin - lrMax) * towardsMin;
  });
}
