import { divideBudget } from '../trust-tech/budget';
import { descendFrom } from './descend';
import { ensembleOf, isUsable, type Method } from './method';
import { searchTier } from './search-tier';
import { TIER0, tier0 } from './tier0';

/**
 * DSP-TT with one tier (the paper's Tier-0-1): train tier 0, search paths from it for exit points, descend from beyond
 * each, and ensemble tier 0 with what was found.
 */
export const dspTt: Method = async (context) => {
  const budget = divideBudget(context.steps, context.config.dspTt);
  const origin = await tier0(context, budget.tier0);
  const search = await searchTier(context, TIER0, 1, budget.search);
  const descents = await descendFrom(context, search.candidates.filter(isUsable), budget.tier - search.steps);
  const tier1 = search.candidates.map((path) => descents.candidates.find(({ name }) => name === path.name) ?? path);
  const all = [origin.candidate, ...tier1];
  return {
    candidates: all,
    ensembles: [
      ensembleOf('tier-0', [origin.candidate]),
      ensembleOf('tier-1', tier1),
      ensembleOf('tier-0-1', all),
      ensembleOf('tier-0-1-vote', all, 'majorityVote'),
    ],
    result: 'tier-0-1',
    spent: { steps: budget.tier0 + search.steps + descents.steps, tier0: budget.tier0, search: search.steps },
    traces: [...origin.traces, search.trace, ...descents.traces],
  };
};
