import { DivergedError } from '../errors';
import type { MethodEvent } from '../trust-tech/events';
import { losName, losPhase } from '../trust-tech/names';
import { namedStream } from '../trust-tech/streams';
import type { FlowEnd, FlowSpace } from './flow-space';
import { isInside, type LosGraph, newGraph, reach } from './los-graph';
import { type LosPath, type LosSearchOptions, searchLos } from './search-los';

export interface TierByTierOptions {
  readonly seed: number;
  /** Start of the flow to the first LOS; null: a random point of the box. */
  readonly start: readonly number[] | null;
  readonly search: LosSearchOptions;
  /** Two points are one LOS if they differ by at most this fraction of the box's width on every axis. */
  readonly mergeTolerance: number;
  readonly maxTiers: number;
  /** Number of LOSs at which the search ends. */
  readonly maxOptima: number;
}

export interface TierByTierOutcome {
  readonly start: readonly number[];
  readonly graph: LosGraph;
  readonly paths: PathCounts;
  /** Reason for the end: a tier brought no new LOS, or a limit was reached. */
  readonly stopped: 'noneNew' | 'maxTiers' | 'maxOptima';
}

/** Number of search paths, and the number of each outcome: the outcomes add up to `searched`. */
export interface PathCounts {
  readonly searched: number;
  /** Paths without an exit: at the end of the share, or at the edge of the box. */
  readonly exhausted: number;
  readonly leftBox: number;
  /** Paths whose flow beyond the exit did not come to rest. */
  readonly lost: number;
  /** Paths whose flow came to rest at a new LOS, a known one, the path's own origin, or a LOS outside the box. */
  readonly new: number;
  readonly known: number;
  readonly origin: number;
  readonly outside: number;
}

/**
 * Runs TRUST-TECH (section 3.1): from one LOS to its neighbours, of tier 1, from those to theirs, and so on, until a
 * tier brings no new LOS.
 * @throws DivergedError if the flow from the start leads to no LOS in the box
 */
export async function tierByTier(
  space: FlowSpace,
  options: TierByTierOptions,
  report: (event: MethodEvent) => void = () => {},
): Promise<TierByTierOutcome> {
  const start = options.start ?? randomStart(space, options.seed);
  const first = await firstLos(space, start);
  let graph = newGraph(space.box, options.mergeTolerance, { x: Array.from(first.x), value: first.value });
  let paths: PathCounts = {
    searched: 0,
    exhausted: 0,
    leftBox: 0,
    lost: 0,
    new: 0,
    known: 0,
    origin: 0,
    outside: 0,
  };
  for (let from = 0; from < graph.optima.length; from += 1) {
    const { x, tier } = graph.optima[from];
    if (tier >= options.maxTiers) return { start, graph, paths, stopped: 'maxTiers' };
    const origin = losName(from);
    report({ type: 'phase', phase: losPhase(tier + 1, origin), steps: 0 });
    await space.placeAt(origin, Float64Array.from(x));
    const found = await searchLos({ space, seed: options.seed, origin, options: options.search, report });
    await space.drop({ points: [origin] });
    for (const path of found) [graph, paths] = absorb(graph, paths, from, path);
    if (graph.optima.length >= options.maxOptima) return { start, graph, paths, stopped: 'maxOptima' };
  }
  return { start, graph, paths, stopped: 'noneNew' };
}

function absorb(graph: LosGraph, counts: PathCounts, from: number, path: LosPath): [LosGraph, PathCounts] {
  const one = (what: Exclude<keyof PathCounts, 'searched'>): PathCounts => ({
    ...counts,
    searched: counts.searched + 1,
    [what]: counts[what] + 1,
  });
  const { status, exit, end } = path;
  if (status !== 'exited') return [graph, one(status)];
  if (exit === null || end?.status !== 'converged') return [graph, one('lost')];
  const next = reach(graph, from, exit, { x: Array.from(end.x), value: end.value });
  return [next.graph, one(next.reached)];
}

async function firstLos(space: FlowSpace, start: readonly number[]): Promise<FlowEnd> {
  await space.placeAt('start', Float64Array.from(start));
  const end = await space.integrate('start');
  await space.drop({ points: ['start'] });
  if (end.status === 'converged' && isInside(space.box, Array.from(end.x))) return end;
  throw new DivergedError(
    `the flow from the start (${start.join(', ')}) leads to no minimum in the box (${end.status} at ${end.x.join(', ')}): ` +
      'name another start, or another seed',
  );
}

const RESOLUTION = 2 ** 30;

function randomStart({ box }: FlowSpace, seed: number): number[] {
  const draw = namedStream(seed, 'start');
  return box.lower.map((lower, i) => lower + ((box.upper[i] - lower) * draw(RESOLUTION)) / RESOLUTION);
}
