/**
 * TRUST-TECH tier by tier (section 3, algorithm 1 and section 5.2), as a pure state machine: it gives the next
 * instruction and processes its outcome; the caller executes it. docs/trust-tech.md has the diagram.
 *
 *     tier0 --> search 1 --(exits)--> descents 1 --> choose --> search 2 --> ... --> done
 *                  |                      |           (the tier's best optimum is the next tier's origin)
 *                  +--(no exit)--> done   +--(none trained, or the last tier)--> done
 *
 * Steps are gradient evaluations. Steps that a search leaves of its tier go to that tier's descents, up to the plan's
 * limit for a member.
 */
import type { Plan } from './budget';
import type { PathStatus } from './path-states';

/** Next instruction to the caller. */
export type Instruction =
  | { readonly do: 'train'; readonly name: string; readonly steps: number }
  | {
      readonly do: 'search';
      readonly tier: number;
      readonly origin: string;
      readonly paths: number;
      /** Maximum number of steps of the search. */
      readonly steps: number;
    }
  | { readonly do: 'descend'; readonly tier: number; readonly starts: readonly string[]; readonly steps: number }
  | { readonly do: 'choose'; readonly tier: number; readonly among: readonly string[] }
  | { readonly do: 'stop' };

/** Outcome of an instruction. */
export type Outcome =
  | { readonly did: 'train' }
  | { readonly did: 'search'; readonly paths: readonly PathEnd[]; readonly steps: number }
  | { readonly did: 'descend'; readonly diverged: readonly string[] }
  | { readonly did: 'choose'; readonly losses: ReadonlyMap<string, number> };

export interface PathEnd {
  readonly name: string;
  readonly status: PathStatus;
}

export interface TiersState {
  readonly plan: Plan;
  readonly next: Instruction;
  /** Steps spent so far: in all, and by searches. */
  readonly spent: { readonly steps: number; readonly search: number };
}

/** Returns the state before the first instruction. */
export function newTiers(plan: Plan, tier0: string): TiersState {
  return { plan, next: { do: 'train', name: tier0, steps: plan.tier0 }, spent: { steps: 0, search: 0 } };
}

/**
 * Returns the state after the outcome of `state.next`.
 * @throws Error if the outcome answers another instruction, or takes more steps than allowed: a mistake of the caller
 */
export function advance(state: TiersState, outcome: Outcome): TiersState {
  const { next } = state;
  if (next.do === 'train' && outcome.did === 'train') return searchFrom(spend(state, next.steps, 0), 1, next.name);
  if (next.do === 'search' && outcome.did === 'search') return afterSearch(state, next, outcome);
  if (next.do === 'descend' && outcome.did === 'descend') return afterDescents(state, next, outcome.diverged);
  if (next.do === 'choose' && outcome.did === 'choose') return afterChoice(state, next, outcome.losses);
  throw new Error(`'${outcome.did}' does not answer '${next.do}'`);
}

type Search = Extract<Instruction, { do: 'search' }>;
type Descend = Extract<Instruction, { do: 'descend' }>;
type Choose = Extract<Instruction, { do: 'choose' }>;

function afterSearch(state: TiersState, asked: Search, found: Extract<Outcome, { did: 'search' }>): TiersState {
  const within = found.steps >= 0 && found.steps <= asked.steps;
  if (!within) throw new Error(`the search took ${found.steps} steps of ${asked.steps}`);
  const spent = spend(state, found.steps, found.steps);
  const starts = found.paths.filter(({ status }) => status === 'exited').map(({ name }) => name);
  if (starts.length === 0) return stop(spent);
  const { steps: all, perMember } = state.plan.tiers[asked.tier - 1];
  const left = all - found.steps;
  const steps = perMember === null ? left : Math.min(left, starts.length * perMember);
  return { ...spent, next: { do: 'descend', tier: asked.tier, starts, steps } };
}

function afterDescents(state: TiersState, asked: Descend, diverged: readonly string[]): TiersState {
  const spent = spend(state, asked.steps, 0);
  const among = asked.starts.filter((name) => !diverged.includes(name));
  if (among.length === 0 || asked.tier === state.plan.tiers.length) return stop(spent);
  return { ...spent, next: { do: 'choose', tier: asked.tier, among } };
}

function afterChoice(state: TiersState, asked: Choose, losses: ReadonlyMap<string, number>): TiersState {
  const finite = asked.among.filter((name) => Number.isFinite(losses.get(name)));
  if (finite.length === 0) return stop(state);
  const lossOf = (name: string) => losses.get(name) ?? Number.POSITIVE_INFINITY;
  const best = finite.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a));
  return searchFrom(state, asked.tier + 1, best);
}

function searchFrom(state: TiersState, tier: number, origin: string): TiersState {
  const { paths, search } = state.plan.tiers[tier - 1];
  return { ...state, next: { do: 'search', tier, origin, paths, steps: search } };
}

function stop(state: TiersState): TiersState {
  return { ...state, next: { do: 'stop' } };
}

function spend({ spent, ...rest }: TiersState, steps: number, search: number): TiersState {
  return { ...rest, spent: { steps: spent.steps + steps, search: spent.search + search } };
}
