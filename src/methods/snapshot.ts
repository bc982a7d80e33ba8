import { z } from 'zod';
import { cosineCycle } from '../schedules';
import { equalParts } from '../trust-tech/budget';
import { takeSnapshots } from './blocks/take-snapshots';
import { type ConfigWith, ensembleOf, type Method, type MethodFile } from './method';

const options = {
  snapshot: z
    .strictObject({
      cycles: z.int().min(1).max(100).default(6).describe('cycles of the rate, a member at the end of each'),
      lr: z.number().gt(0).default(0.2).describe('rate at the start of each cycle (Huang et al. 2017a)'),
    })
    .prefault({})
    .describe('snapshot ensembles, SSE'),
};

/** Snapshot ensembles (Huang et al. 2017a): one training, a cosine from full rate to 0 in each cycle, a member at its end. */
const run: Method<ConfigWith<typeof options>> = async (context) => {
  const { cycles, lr } = context.config.snapshot;
  const stretches = equalParts(context.steps, cycles).map((steps) => ({ lr: cosineCycle(lr, steps), take: true }));
  const { candidates, traces } = await takeSnapshots(context, stretches);
  const spent = { steps: context.steps, tier0: 0, search: 0 };
  return { candidates, ensembles: [ensembleOf('snapshot', candidates)], result: 'snapshot', spent, traces };
};

export const method = {
  run,
  title: 'snapshot (SSE)',
  options,
  reads: ['snapshot'],
  smoke: { snapshot: { cycles: 2 } },
  takesTier0: false,
  networks: ({ snapshot: { cycles } }) => cycles + 1,
} as const satisfies MethodFile<typeof options>;
