import type { BaseConfig } from '../../config/base';
import { type Plan, planBudget } from '../../trust-tech/budget';
import { TIER0 } from '../../trust-tech/names';
import { advance, type Instruction, newTiers, type Outcome, type TiersState } from '../../trust-tech/tiers';
import { type Candidate, type ConfigWith, type FittedTier, isUsable, type MethodContext, type Trace } from '../method';
import type { Averages } from '../swa';
import { descendFrom } from './descend';
import { tier0 } from './tier0';

/** Finds a tier's starting points: one candidate a path; those with a start become points in the executor. */
export type Explore<Config extends BaseConfig> = (
  context: MethodContext<Config>,
  origin: string,
  tier: { readonly tier: number; readonly paths: number; readonly steps: number },
) => Promise<Explored>;

/** Starting points of a tier, and what else its search tells; a jump has neither settings nor notices. */
export interface Explored {
  readonly candidates: readonly Candidate[];
  readonly steps: number;
  readonly traces: readonly Trace[];
  readonly fitted?: FittedTier | null;
  readonly notices?: readonly string[];
}

export interface Tiers {
  readonly candidates: readonly Candidate[];
  readonly traces: readonly Trace[];
  readonly spent: { readonly steps: number; readonly tier0: number; readonly search: number };
  readonly searches: FittedTier[];
  readonly notices: readonly string[];
}

/** The budget's plan for a run's configuration. */
export function planOf({ config: { dspTt }, steps, tier0 }: MethodContext): Plan {
  return planBudget(steps, dspTt, tier0 !== null);
}

/** Networks of a run by tiers: tier 0, a network a path, and the fine-tuned copies of tier 1. */
export function networksOf({ dspTt: { tiers, fineTune: tuning } }: BaseConfig): number {
  return 1 + tiers.reduce((sum, paths) => sum + paths, 0) + (tuning.epochs > 0 ? tiers[0] : 0);
}

/** Tier 0, then tier by tier: explore from the best optimum of the tier before, and descend from each start. */
export async function runTiers<Config extends ConfigWith<Averages>>(
  context: MethodContext<Config>,
  plan: Plan,
  explore: Explore<Config>,
): Promise<Tiers> {
  const found = new Map<string, Candidate>();
  const traces: Trace[] = [];
  const searches: FittedTier[] = [];
  const notices: string[] = [];
  const keep = (candidates: readonly Candidate[], more: readonly Trace[]) => {
    for (const candidate of candidates) found.set(candidate.name, candidate);
    traces.push(...more);
  };
  const carryOut = async (next: Exclude<Instruction, { do: 'stop' }>): Promise<Outcome> => {
    if (next.do === 'train') {
      const { candidate, traces: more } = await tier0(context, next.steps);
      keep([candidate], more);
      return { did: 'train' };
    }
    if (next.do === 'search') {
      const { candidates, steps, traces: more, ...told } = await explore(context, next.origin, next);
      keep(candidates, more);
      if (told.fitted) searches.push(told.fitted);
      notices.push(...(told.notices ?? []));
      return { did: 'search', paths: candidates.map(pathEnd), steps };
    }
    if (next.do === 'choose') return { did: 'choose', losses: await losses(context, next.among) };
    const starts = next.starts.flatMap((name) => found.get(name) ?? []);
    const descents = await descendFrom(context, starts, next.steps);
    keep(descents.candidates, descents.traces);
    const diverged = descents.candidates.filter((candidate) => !isUsable(candidate)).map(({ name }) => name);
    return { did: 'descend', diverged };
  };
  let state: TiersState = newTiers(plan, TIER0);
  while (state.next.do !== 'stop') state = advance(state, await carryOut(state.next));
  const spent = { ...state.spent, tier0: plan.tier0 };
  return { candidates: [...found.values()], traces, spent, searches, notices };
}

function pathEnd({ name, state }: Candidate) {
  return { name, status: state === 'trained' || state === 'given' ? ('exited' as const) : state };
}

/** Each network's loss on the split that chooses, in evaluation mode; never the test split. */
async function losses({ executor, config }: MethodContext, among: readonly string[]): Promise<Map<string, number>> {
  const split = config.selectOn === 'training' ? 'train' : 'validation';
  const measured = new Map<string, number>();
  for (const name of among) measured.set(name, (await executor.evaluate(name, split)).loss);
  return measured;
}
