import { z } from 'zod';
import { ConfigError } from '../errors';
import { SCHEDULES } from '../schedules';
import { takeSnapshots } from './blocks/take-snapshots';
import { type ConfigWith, ensembleOf, type Method, type MethodFile } from './method';

const options = {
  horizontal: z
    .strictObject({
      members: z.int().min(1).max(1000).default(6).describe('networks'),
      everyEpochs: z.number().gt(0).default(1).describe('epochs between two members'),
    })
    .prefault({})
    .describe('horizontal voting (Xie et al. 2013)'),
};

/**
 * Horizontal voting (Xie et al. 2013): one training with the usual schedule over the whole budget; the members are the
 * networks at the ends of its last epochs, counted back from its end.
 */
const run: Method<ConfigWith<typeof options>> = async (context) => {
  const { executor, config, steps } = context;
  const { members, everyEpochs } = config.horizontal;
  const every = Math.max(1, Math.round(everyEpochs * executor.task.stepsPerEpoch));
  const first = steps - (members - 1) * every;
  if (first < 1) {
    throw new ConfigError(
      `budget of ${steps} steps is too small for horizontal.members ${members}, one every ${every} steps`,
    );
  }
  const { lr, schedule } = config.localSolver;
  const rates = SCHEDULES[schedule](lr, steps);
  const ends = Array.from({ length: members }, (_, k) => first + k * every);
  const stretches = ends.map((end, k) => ({ lr: rates.subarray(k === 0 ? 0 : ends[k - 1], end), take: true }));
  const { candidates, traces } = await takeSnapshots(context, stretches);
  const spent = { steps, tier0: 0, search: 0 };
  return { candidates, ensembles: [ensembleOf('horizontal', candidates)], result: 'horizontal', spent, traces };
};

export const method = {
  run,
  title: 'horizontal voting',
  options,
  reads: ['horizontal'],
  smoke: { horizontal: { members: 2, everyEpochs: 0.2 } },
  takesTier0: false,
  networks: ({ horizontal: { members } }) => members + 1,
} as const satisfies MethodFile<typeof options>;
