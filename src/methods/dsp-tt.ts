import { fineTune } from './blocks/fine-tune';
import { planOf, runTiers } from './blocks/run-tiers';
import { searchTier } from './blocks/search-tier';
import { tierEnsembles } from './blocks/tier-ensembles';
import { ensembleOf, type Method } from './method';

/**
 * DSP-TT (section 3.2): train tier 0; then, tier by tier, search paths from the best optimum so far for exit points and
 * descend from beyond each; and ensemble all that was found. Fine-tuned copies of tier 1 (table 1), where they are asked
 * for, make an ensemble of their own.
 */
export const dspTt: Method = async (context) => {
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
  };
};
