import type { z } from 'zod';
import type { BaseConfig } from '../config/base';
import type { Rule } from '../ensemble/combine';
import type { Executor } from '../executor/executor';
import type { FittedSearch } from '../trust-tech/auto';
import type { MethodEvent, StoppedTraining } from '../trust-tech/events';
import type { ExitPoint } from '../trust-tech/exit-point';

/** Sections of a configuration by name. */
export type Sections = Readonly<Record<string, z.ZodType>>;

/** A resolved configuration with these sections beside the options that methods share. */
export type ConfigWith<Own extends Sections> = BaseConfig & { [Name in keyof Own]: z.infer<Own[Name]> };

/**
 * A method is a workflow: a plain async function over an executor. It takes no clock, no unseeded randomness and no files
 * of its own, so that the same commands always come in the same order.
 */
export type Method<Config extends BaseConfig = BaseConfig> = (context: MethodContext<Config>) => Promise<MethodOutcome>;

/** A method, and what others must know of it. */
export interface MethodEntry<Config extends BaseConfig = BaseConfig> {
  readonly run: Method<Config>;
  /** Sections that are of some methods alone, and that it reads. */
  readonly reads: readonly Extract<Exclude<keyof Config, Exclude<keyof BaseConfig, 'dspTt'>>, string>[];
  /** Name in tables. */
  readonly title: string;
  /** True if it can start from a network that the user has trained already. */
  readonly takesTier0: boolean;
  /** True if each of its networks is left by one whole descent, in whose running average it may end (`localSolver.ema`). */
  readonly takesEma?: boolean;
  /** True if each of its trainings may end before its last step (`localSolver.earlyStopping`). Default: false. */
  readonly stopsEarly?: boolean;
  /** The most networks that it holds at a time. */
  readonly networks: (config: Config) => number;
}

/** A method as its file defines it: with the sections of a configuration that are its own; it may read those of others. */
export interface MethodFile<Own extends Sections, Others extends Sections = Own>
  extends MethodEntry<ConfigWith<Own & Others>> {
  readonly options: Own;
  /** Options for a smoke run of some 24 steps. */
  readonly smoke: { readonly [Name in keyof Own]?: Partial<z.input<Own[Name]>> };
}

/** Tier 0 is the network as the model gives it: with its weights file, or as a zoo or a script trained it. */
export const OF_MODEL = 'model';

/** Input of a method. */
export interface MethodContext<Config extends BaseConfig = BaseConfig> {
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
  /** Exit point of its path, where the path left its parent's stability region; null without a search or an exit. */
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

/** Candidates and ensembles of a method, and the ensemble that is its result. */
export interface MethodOutcome {
  /** Each trained or given candidate lies in the executor as a point of its name. */
  readonly candidates: readonly Candidate[];
  readonly ensembles: readonly EnsembleSpec[];
  /** The ensemble that is the method's result: fixed beforehand, never chosen by its score. */
  readonly result: string;
  /** Gradient evaluations that were made: in all, by tier 0 (where it is given, what it counts as), by the search. */
  readonly spent: { readonly steps: number; readonly tier0: number; readonly search: number };
  readonly traces: readonly Trace[];
  /** Settings of each tier's search, where the configuration leaves some to the program (auto). */
  readonly searches?: FittedTier[];
  /** Trainings that early stopping has ended; absent if it ended none. */
  readonly stopped?: StoppedTraining[];
  /** For the user: why it found less than was asked for. */
  readonly notices?: readonly string[];
}

/** The settings of a tier's search. */
export interface FittedTier extends FittedSearch {
  readonly tier: number;
}

/** Reports whether a candidate is a network that can be evaluated. */
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
