import { budgetSteps, type Config } from '../config/schema';
import type { Executor } from '../executor/executor';
import type { TorchExecutor } from '../executor/torch';
import { searchTier } from '../methods/blocks/search-tier';
import { tier0 as trainTier0 } from '../methods/blocks/tier0';
import { type Candidate, type MethodContext, OF_MODEL } from '../methods/method';
import type { RunEvent } from '../run/events';
import type { RunOptions } from '../run/options';
import type { Session } from '../run/session/session';
import type { SweepRow } from '../store/sweep';
import { AUTO } from '../trust-tech/auto';
import { planBudget } from '../trust-tech/budget';
import { TIER0 } from '../trust-tech/names';
import { meanOf } from './statistics';

/** A cell of the grid: the pace of rho1, and the calibration step. */
export interface SweepCell {
  readonly rho1Increment: number;
  readonly rho2TimesLr: number;
}

/** Options of a sweep: its grid, its seeds, and where it starts from. */
export interface SweepOptions extends Pick<RunOptions, 'tier0' | 'tier0Source' | 'signal'> {
  readonly cells: readonly SweepCell[];
  readonly seeds: readonly number[];
  /** Limit of search steps a cell; by default the share that the configuration's budget gives the search of tier 1. */
  readonly steps?: number | undefined;
  /**
   * Called before the training of tier 0 (cell null) and before each cell; returns the listener of its events, if any.
   */
  readonly onPart?: (seed: number, cell: SweepCell | null) => ((event: RunEvent) => void) | undefined;
}

/**
 * Searches tier 1 at every pace and calibration step (the paper's figure 4), from one tier-0 network for each seed. All
 * cells of a seed have the same first directions and the same batches. Paths that find no exit are not redrawn.
 * @throws DivergedError when a tier 0 diverges; ConfigError, DataError, WorkerError; InterruptedError when aborted
 */
export async function sweep(session: Session, config: Config, options: SweepOptions): Promise<SweepRow[]> {
  const rows: SweepRow[] = [];
  for (const seed of options.seeds) rows.push(...(await sweepSeed(session, { ...config, seed }, options)));
  return rows;
}

async function sweepSeed(session: Session, config: Config, options: SweepOptions): Promise<SweepRow[]> {
  const { cells, onPart = () => undefined, signal } = options;
  let listen: ((event: RunEvent) => void) | undefined;
  const executor = await session.open(config, {
    signal,
    onProgress: (progress) => listen?.({ type: 'progress', ...progress }),
  });
  const plan = planned(config, executor);
  const begin = (cell: SweepCell | null, steps: number) => {
    listen = onPart(config.seed, cell);
    listen?.({ type: 'started', out: '', task: executor.task, steps });
  };
  const { tier0 = null, tier0Source: source = 'tier 0' } = options;
  const given = tier0 === OF_MODEL ? tier0 : tier0 && { file: tier0, source };
  const context = { executor, config, tier0: given, report: (event: RunEvent) => listen?.(event), steps: plan.tier0 };
  begin(null, given === null ? plan.tier0 : 0);
  await trainTier0(context, plan.tier0);
  const steps = options.steps ?? plan.search;
  const rows: SweepRow[] = [];
  for (const cell of cells) {
    begin(cell, steps);
    rows.push(await searchCell(context, cell, steps));
  }
  return rows;
}

/**
 * Returns the steps that the budget gives tier 0 and the search, whatever the pace: a sweep may have paces that need
 * more than the search's share.
 */
function planned(config: Config, { task }: TorchExecutor): { readonly tier0: number; readonly search: number } {
  const { dspTt } = config;
  const steps = budgetSteps(config, task.stepsPerEpoch);
  const plan = planBudget(steps, { ...dspTt, rho1: { ...dspTt.rho1, increment: AUTO } });
  return { tier0: plan.tier0, search: plan.tiers[0].search };
}

async function searchCell(context: MethodContext, cell: SweepCell, steps: number): Promise<SweepRow> {
  const { config, executor } = context;
  const { rho1Increment: increment, rho2TimesLr } = cell;
  const rho1 = { ...config.dspTt.rho1, increment };
  const dspTt = { ...config.dspTt, rho1, rho2TimesLr, retries: 0 };
  const [paths] = dspTt.tiers;
  const search = { tier: 1, paths, steps };
  const found = await searchTier({ ...context, config: { ...config, dspTt } }, TIER0, search);
  await dropFound(executor, found.candidates);
  const exits = found.candidates.flatMap(({ exit }) => exit ?? []);
  const mean = (values: readonly number[]) => (values.length === 0 ? null : meanOf(values));
  return {
    ...cell,
    seed: config.seed,
    paths,
    exits: exits.length,
    diverged: found.candidates.filter(({ state }) => state === 'diverged').length,
    searchSteps: found.steps,
    iterations: mean(exits.map(({ step }) => step)),
    rho1AtExit: mean(exits.map((exit) => exit.rho1)),
    distanceAtExit: mean(exits.map(({ distance }) => distance)),
    cosineAtExit: mean(exits.map(({ cosine }) => cosine).filter(Number.isFinite)),
  };
}

/** Drops the points that a search leaves at exits: a sweep descends from none of them. */
async function dropFound(executor: Executor, candidates: readonly Candidate[]): Promise<void> {
  await executor.drop({ points: candidates.filter(({ exit }) => exit !== null).map(({ name }) => name) });
}
