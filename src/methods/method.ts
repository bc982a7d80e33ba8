import type { Config } from '../config/schema';
import type { Rule } from '../ensemble/combine';
import type { Executor } from '../executor/executor';
import type { MethodEvent } from '../trust-tech/events';
import type { ExitPoint } from '../trust-tech/path-states';

/**
 * A method is a workflow: a plain async function over an executor. It takes no clock, no unseeded randomness and no files
 * of its own, so that the same commands always come in the same order.
 */
export type Method = (context: MethodContext) => Promise<MethodOutcome>;

/** Tier 0 is the network as the model gives it: with its weights file, or as a zoo or a script trained it. */
export const OF_MODEL = 'model';

/** What a method is given. */
export interface MethodContext {
  readonly executor: Executor;
  readonly config: Config;
  /** The budget: gradient evaluations in all. */
  readonly steps: number;
  /**
   * A network that the user has trained already: the bytes of a safetensors file, and its name for messages; or `model`,
   * the state that the configured model comes with.
   */
  readonly tier0: { readonly file: Uint8Array; readonly source: string } | typeof OF_MODEL | null;
  /** Told what is going on; a display listens, the method does not care. */
  readonly report: (event: MethodEvent) => void;
}

/** A network that a method found, or a path that led to none. */
export interface Candidate {
  readonly name: string;
  readonly tier: number;
  /** The candidate whose neighbour this one is; null for one that was trained from scratch or given. */
  readonly parent: string | null;
  readonly state: 'trained' | 'given' | 'exhausted' | 'diverged';
  /** Where its path left its parent's stability region; null where there was no search or no exit. */
  readonly exit: ExitPoint | null;
  /** The round in which its path was searched, from 1; null where there was no search. */
  readonly round: number | null;
  /** Step of its phase at which the loss stopped being a finite number. */
  readonly divergedAt: number | null;
}

/** Which candidates make an ensemble, under which name. */
export interface EnsembleSpec {
  readonly name: string;
  readonly members: readonly string[];
  readonly rule: Rule;
}

/** Arrays of equal length under column names, to be written as a table: what happened at every step of a phase. */
export interface Trace {
  readonly name: string;
  readonly columns: Readonly<Record<string, ArrayLike<number | string>>>;
}

/** What a method found, and which ensemble of it is its result. */
export interface MethodOutcome {
  /** Each trained or given candidate lies in the executor as a point of its name. */
  readonly candidates: readonly Candidate[];
  readonly ensembles: readonly EnsembleSpec[];
  /** The ensemble that is the method's result: fixed beforehand, never chosen by its score. */
  readonly result: string;
  /** Gradient evaluations that were made: in all, by tier 0 (where it is given, what it counts as), by the search. */
  readonly spent: { readonly steps: number; readonly tier0: number; readonly search: number };
  readonly traces: readonly Trace[];
}

/** Whether a candidate is a network that can be evaluated. */
export function isUsable({ state }: Candidate): boolean {
  return state === 'trained' || state === 'given';
}

/** A candidate that was trained from scratch. */
export function trainedCandidate(name: string, divergedAt: number | null): Candidate {
  const state = divergedAt === null ? 'trained' : 'diverged';
  return { name, tier: 0, parent: null, state, exit: null, round: null, divergedAt };
}

/** The ensemble of all usable candidates among those given; its name stays when members are missing. */
export function ensembleOf(name: string, members: readonly Candidate[], rule: Rule = 'meanSoftmax'): EnsembleSpec {
  return { name, members: members.filter(isUsable).map((member) => member.name), rule };
}
