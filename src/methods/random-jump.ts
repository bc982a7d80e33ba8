import { z } from 'zod';
import { directionStream, pathNames, tierName } from '../trust-tech/names';
import { type Explore, networksOf, planOf, runTiers } from './blocks/run-tiers';
import { tierEnsembles } from './blocks/tier-ensembles';
import { type Candidate, type ConfigWith, type Method, type MethodFile, trainedCandidate } from './method';
import type { Averages } from './swa';

const options = {
  randomJump: z
    .strictObject({
      length: z
        .number()
        .gt(0)
        .nullable()
        .default(null)
        .describe('length of the jump in units of the direction; null: dspTt.rho1.max'),
      descents: z
        .enum(['same', 'equalTotal'])
        .default('same')
        .describe("same: as long as DSP-TT's when its search uses its whole share; equalTotal: the search's share too"),
    })
    .prefault({})
    .describe('the control without a search'),
};

type Config = ConfigWith<typeof options & Averages>;

/**
 * The control for DSP-TT: the same tiers, with jumps of a search's length along the same random directions in the place of
 * searches, without any calibration. What calibration adds is the difference.
 */
const run: Method<Config> = async (context) => {
  const { config } = context;
  const plan = planOf(context);
  const reserved = config.randomJump.descents === 'same' ? 1 : 0;
  const tiers = plan.tiers.map((tier) => ({ ...tier, steps: tier.steps - reserved * tier.search, search: 0 }));
  const { candidates, traces, spent } = await runTiers(context, { ...plan, tiers }, jump);
  const { ensembles, result } = tierEnsembles(candidates, config.dspTt.tiers.length, 'jump');
  return { candidates, ensembles, result, spent, traces };
};

const jump: Explore<Config> = async ({ executor, config }, origin, { tier, paths }) => {
  const length = config.randomJump.length ?? config.dspTt.rho1.max;
  const candidates: Candidate[] = [];
  for (const name of pathNames(tierName(tier), paths)) {
    await executor.newPath(name, origin, directionStream(name, 1), config.dspTt.scale);
    await executor.pointFromPath(name, name, length);
    await executor.drop({ paths: [name] });
    candidates.push({ ...trainedCandidate(name, null), tier, parent: origin });
  }
  return { candidates, steps: 0, traces: [] };
};

export const method = {
  run,
  title: 'random jump',
  options,
  reads: ['dspTt', 'randomJump', 'swa'],
  smoke: {},
  takesTier0: true,
  takesEma: true,
  stopsEarly: true,
  networks: networksOf,
} as const satisfies MethodFile<typeof options, Averages>;
