import { SCHEDULES } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { takeSnapshots } from './blocks/take-snapshots';
import { ensembleOf, type Method } from './method';

/**
 * Fast geometric ensembling (Garipov et al. 2018): train to a checkpoint at `start` of the budget with the usual schedule
 * of the whole budget, then cycle the rate between `lrMax` and `lrMin`; a member is taken in the middle of each cycle.
 */
export const fge: Method = async (context) => {
  const { fge: options, localSolver } = context.config;
  const checkpoint = Math.floor(context.steps * options.start);
  const whole = SCHEDULES[localSolver.schedule](localSolver.lr, context.steps);
  const cycles = equalParts(context.steps - checkpoint, options.cycles).flatMap((steps) => {
    const lr = triangularCycle(options.lrMax, options.lrMin, steps);
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
