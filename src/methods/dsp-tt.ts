import { fineTune } from './blocks/fine-tune';
import { networksOf, planOf, runTiers } from './blocks/run-tiers';
import { searchTier } from './blocks/search-tier';
import { tierEnsembles } from './blocks/tier-ensembles';
import { type ConfigWith, ensembleOf, type Method, type MethodFile } from './method';
import type { Averages } from './swa';

/**
 * DSP-TT (section 3.2): train tier 0; then, tier by tier, search paths from the best optimum so far for exit points and
 * descend from beyond each; and ensemble all that was found. Fine-tuned copies of tier 1 (table 1), where they are asked
 * for, make an ensemble of their own.
 */
export const dspTt: Method<ConfigWith<Averages>> = async (context) => {
  const { tiers, fineTune: tuning } = context.config.dspTt;
  const found = await runTiers(context, planOf(context), searchTier);
  const { ensembles, result } = tierEnsembles(found.candidates, tiers.length);
  const tier1 = found.candidates.filter(({ tier }) => tier === 1);
  const tuned = tuning.epochs > 0 ? await fineTune(context, tier1) : null;
  return {
    candidates: [...found.candidates, ...(tuned?.candidates ?? [])],
    ensembles: tuned === null ? ensembles : [...ensembles, ensembleOf('tier-1-tune', tuned.candidates)],
    result,
    spent: { ...found.spent, steps: found.spent.steps + (tuned?.steps ?? 0) },
    traces: [...found.traces, ...(tuned?.traces ?? [])],
    ...(found.searches.length > 0 && { searches: found.searches }),
    notices: found.notices,
  };
};

export const method = {
  run: dspTt,
  title: 'DSP-TT',
  options: {},
  reads: ['dspTt', 'swa'],
  smoke: {},
  takesTier0: true,
  takesEma: true,
  stopsEarly: true,
  networks: networksOf,
} as const satisfies MethodFile<Record<never, never>, Averages>;
