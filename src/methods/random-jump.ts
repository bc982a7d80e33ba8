import { directionStream, pathNames, tierName } from '../trust-tech/names';
import { type Explore, planOf, runTiers } from './blocks/run-tiers';
import { tierEnsembles } from './blocks/tier-ensembles';
import { type Candidate, type Method, type MethodContext, trainedCandidate } from './method';

/**
 * The control for DSP-TT: the same tiers, with jumps of a search's length along the same random directions in the place of
 * searches, without any calibration. What calibration adds is the difference.
 */
export const randomJump: Method = async (context) => {
  const { config } = context;
  const plan = planOf(context);
  const reserved = config.randomJump.descents === 'same' ? 1 : 0;
  const tiers = plan.tiers.map((tier) => ({ ...tier, steps: tier.steps - reserved * tier.search, search: 0 }));
  const { candidates, traces, spent } = await runTiers(context, { ...plan, tiers }, jump);
  const { ensembles, result } = tierEnsembles(candidates, config.dspTt.tiers.length, 'jump');
  return { candidates, ensembles, result, spent, traces };
};

const jump: Explore = async ({ executor, config }: MethodContext, origin, { tier, paths }) => {
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
