import { type Candidate, type EnsembleSpec, ensembleOf } from '../method';

/**
 * The ensembles of a run by tiers, under the paper's names (table 1): each tier alone, tier 0 with the tiers up to each
 * (`tier-0-1`, `tier-0-1-2`), and all by majority vote and weighed by validation loss. The plain mean of all is the result.
 */
export function tierEnsembles(
  candidates: readonly Candidate[],
  tiers: number,
  prefix = 'tier',
): { readonly ensembles: EnsembleSpec[]; readonly result: string } {
  const upTo = (last: number) => candidates.filter(({ tier }) => tier <= last);
  const numbers = Array.from({ length: tiers }, (_, k) => k + 1);
  const nameUpTo = (last: number) => [prefix, 0, ...numbers.slice(0, last)].join('-');
  const result = nameUpTo(tiers);
  return {
    ensembles: [
      ensembleOf('tier-0', upTo(0)),
      ...numbers.flatMap((tier) => [
        ensembleOf(
          `${prefix}-${tier}`,
          candidates.filter((candidate) => candidate.tier === tier),
        ),
        ensembleOf(nameUpTo(tier), upTo(tier)),
      ]),
      ensembleOf(`${result}-vote`, candidates, 'majorityVote'),
      ensembleOf(`${result}-weighted`, candidates, 'validationWeighted'),
    ],
    result,
  };
}
