/**
 * Search settings that fit a budget. The paper's are for 200 epochs of CIFAR; with less, rho1 would not reach its maximum,
 * the moving average would outlast a path, and noise would pass for an exit. A setting that is `auto` follows from what is
 * known: lengths from the steps of the search's share and the number of paths, the least rise from the scatter of the
 * origin's batch losses. Pure: a resumed run finds the same values again. docs/results/auto.md has the measurements.
 */
import type { DetectorOptions } from './exit-detector';
import { fittingIncrement, type Pace } from './pace';
import type { Solver, StartLoss } from './space';

export const AUTO = 'auto';
/** A setting, or `auto` for a value that fits. */
export type Auto<T> = T | typeof AUTO;

/** The shares of a budget as a configuration states them. */
export interface ShareChoice {
  /** Number of paths of tier 1, 2, ... */
  readonly tiers: readonly number[];
  readonly tierShare: Auto<number>;
  readonly searchShare: Auto<number>;
}

/** The settings of a search that may be `auto`. */
export interface SearchChoice {
  readonly rho1: Omit<Pace, 'increment'> & { readonly increment: Auto<number> };
  readonly rho2TimesLr: Auto<number>;
  readonly detector: {
    readonly decay: Auto<number>;
    readonly minRise: Auto<number>;
    readonly buffer: Auto<number>;
    readonly drop: number;
  };
  readonly decideEvery: Auto<number>;
  readonly lag: Auto<number>;
  readonly retries: number;
  readonly roundShare: number;
}

/** Reports whether any setting of a search is left to the program. */
export function isAuto({ rho1, rho2TimesLr, detector, decideEvery, lag }: SearchChoice): boolean {
  return [rho1.increment, rho2TimesLr, ...Object.values(detector), decideEvery, lag].includes(AUTO);
}

/** Settings of a search as numbers. */
export interface FittedSearch {
  readonly rho1: Pace;
  readonly rho2TimesLr: number;
  readonly detector: Required<DetectorOptions>;
  readonly decideEvery: number;
  readonly lag: number;
  readonly roundShare: number;
  /** Redrawn paths get more of what those before them lacked: where the calibration step is the program's to choose. */
  readonly adapts: boolean;
}

/** The budget at which digits was tuned: the lengths of other budgets are in proportion to a power of theirs. */
const TUNED = { budget: 1500, pathSteps: 90, tierShare: 0.7 };
/** The exponents lead from the tuned values to the paper's at its budget: 78,200 steps, 1,173 a path, a share of 0.25. */
const PATH_STEPS_GROW = 0.65;
const TIER_SHARE_FALLS = 0.26;
const TIER_SHARE = [0.25, 0.8] as const;
/** A search may take half as much again as it should need: what it leaves goes to the descents. */
const STRETCH = 1.5;
const SEARCH_SHARE = [0.45, 0.8] as const;
/** Share of a round before the last, with which a second round for all paths is as long as the first. */
const ROUND_SHARE = 0.5;

/** Returns the shares of tiers and searches of a budget in steps. With tier 0 given, the tiers have the whole budget. */
export function fitShares(
  { tiers, tierShare, searchShare }: ShareChoice,
  steps: number,
  isTier0Given: boolean,
): { readonly tierShare: number; readonly searchShare: number } {
  const relative = steps / TUNED.budget;
  const free = isTier0Given ? 1 : clamp(TUNED.tierShare * relative ** -TIER_SHARE_FALLS, TIER_SHARE);
  const ofTiers = tierShare === AUTO ? free : tierShare;
  if (searchShare !== AUTO) return { tierShare: ofTiers, searchShare };
  const paths = tiers.reduce((sum, count) => sum + count, 0);
  const wanted = paths * TUNED.pathSteps * relative ** PATH_STEPS_GROW;
  return { tierShare: ofTiers, searchShare: clamp((STRETCH * wanted) / (steps * ofTiers), SEARCH_SHARE) };
}

/**
 * Part of a path's steps in which rho1 grows to its maximum, and bounds of their number: the remainder is for the way down.
 * A path that climbs slowly is calibrated so long on the way that its loss has no peak, and so no exit.
 */
const CLIMB = 0.15;
const CLIMBING = [4, 200] as const;
/** Steps of a path in a round for each step of the moving average's memory. */
const MEMORIES = 8;
const MEMORY = [2, 20] as const;
/** Decision cells of a round. */
const CELLS = 30;
const CELL = [1, 50] as const;
/** Sum of a path's calibration steps in a round, in units of the local solver's lr0, and bounds of one step. */
const CALIBRATION = 15;
const RHO2 = [0.05, 0.5] as const;
/** Least rise, in standard deviations of the averaged loss of an origin that does not move, and in units of the loss. */
const DEVIATIONS = 6;
const LEAST_RISE = 0.02;

/**
 * Returns the settings of a search as numbers.
 * @param steps maximum number of iterations of the search: its share
 */
export function fitSearch(choice: SearchChoice, paths: number, steps: number, start: StartLoss): FittedSearch {
  const { rho1, detector, rho2TimesLr, decideEvery, lag, retries } = choice;
  const roundShare = rho1.increment === AUTO ? ROUND_SHARE : choice.roundShare;
  const round = Math.max(1, Math.floor(retries > 0 ? steps * roundShare : steps));
  const own = round / paths;
  const memory = clamp(own / MEMORIES, MEMORY);
  const decay = detector.decay === AUTO ? rounded(1 - 1 / memory, 3) : detector.decay;
  const averaged = start.deviation * Math.sqrt((1 - decay) / (1 + decay));
  const cell = clamp(Math.round(round / CELLS), CELL);
  return {
    rho1: {
      ...rho1,
      increment: rho1.increment === AUTO ? reaching(rho1, paths, paths * clamp(CLIMB * own, CLIMBING)) : rho1.increment,
    },
    rho2TimesLr: rho2TimesLr === AUTO ? rounded(clamp(CALIBRATION / own, RHO2), 3) : rho2TimesLr,
    detector: {
      decay,
      minRise: detector.minRise === AUTO ? rounded(Math.max(LEAST_RISE, DEVIATIONS * averaged), 4) : detector.minRise,
      buffer: detector.buffer === AUTO ? Math.round(memory) : detector.buffer,
      drop: detector.drop,
      isSeeded: detector.decay === AUTO,
    },
    decideEvery: decideEvery === AUTO ? cell : decideEvery,
    lag: lag === AUTO ? (cell < CELL[1] ? 1 : 2) : lag,
    roundShare,
    adapts: rho2TimesLr === AUTO,
  };
}

/** The calibration's solver as a configuration states it. */
export type SolverChoice = Omit<Solver, 'solver'> & { readonly solver: Auto<Solver['solver']> };

/**
 * Returns the solver of calibration steps. `auto` is the local solver without weight decay: with its momentum, its rate is
 * known to be stable.
 */
export function fitCalibration(choice: SolverChoice, local: Solver): Solver {
  return choice.solver === AUTO ? { ...local, weightDecay: choice.weightDecay } : { ...choice, solver: choice.solver };
}

function reaching(rho1: SearchChoice['rho1'], paths: number, steps: number): number {
  if (rho1.max <= rho1.start) return rho1.start; // it is held from the first step on: any increment will do
  return fittingIncrement({ ...rho1, increment: 1 }, paths, Math.max(1, Math.floor(steps)));
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value));
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
