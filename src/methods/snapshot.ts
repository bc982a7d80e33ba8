import { cosineCycle } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { takeSnapshots } from './blocks/take-snapshots';
import { ensembleOf, type Method } from './method';

/** Snapshot ensembles (Huang et al. 2017a): one training, a cosine from full rate to 0 in each cycle, a member at its end. */
export const snapshot: Method = async (context) => {
  const { cycles, lr } = context.config.snapshot;
  const stretches = equalParts(context.steps, cycles).map((steps) => ({ lr: cosineCycle(lr, steps), take: true }));
  const { candidates, traces } = await takeSnapshots(context, stretches);
  const spent = { steps: context.steps, tier0: 0, search: 0 };
  return { candidates, ensembles: [ensembleOf('snapshot', candidates)], result: 'snapshot', spent, traces };
};
