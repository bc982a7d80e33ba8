import type { Config } from '../config/schema';
import { UsageError } from '../errors';
import type { Session } from '../run/session/session';
import type { Result } from '../store/result';
import { barrierOf, segmentPositions } from '../trust-tech/barrier';
import { segmentStream } from '../trust-tech/names';
import type { ExitVerification } from './exit-view';
import { exitViewOf } from './exit-view';
import { type Exited, Flows } from './flows';
import type { Integration } from './integrate';
import { judgeEnds, nameOptima, nearestAcross, type Verdict } from './judge-ends';
import { type FinishedRun, openRun } from './open-run';
import { type PathPoint, pathPoints, type SidedPoint, spread } from './path-points';
import { readSearch, replaySearch } from './replay-search';

/** Options of the verification of an exit point. */
export interface VerifyOptions {
  /** Path whose exit is verified; null: the first that exited. */
  readonly path: string | null;
  /** Number of samples on each side. */
  readonly each: number;
  readonly integration: Omit<Integration, 'weightDecay'>;
  /** Two random orthogonal directions, as the paper does, or the plane of the two nearest ends and the exit point. */
  readonly projection: 'random' | 'plane';
  readonly signal?: AbortSignal;
  /** Called after each integration, with their number so far. */
  readonly onIntegrated?: (done: number) => void;
}

/**
 * Sample of the path with the end of its flow: an optimum by its letter, A being the origin's, the loss there and the
 * distance to the origin's end.
 */
export interface Sample extends SidedPoint {
  readonly end: { readonly optimum: string; readonly loss: number; readonly toOrigin: number };
}

/** Findings on an exit point: the samples around it, where each comes to rest, and the verdict. */
export interface ExitVerdict {
  readonly path: string;
  readonly exit: { readonly iteration: number; readonly rho1: number; readonly peakLoss: number };
  /**
   * Last point known to lie in the origin's stability region and first one known not to; null if the path never left
   * it.
   */
  readonly boundary: { readonly inside: PathPoint; readonly outside: PathPoint } | null;
  readonly samples: readonly Sample[];
  readonly verdict: Verdict;
  readonly view: ExitVerification;
}

/**
 * Verifies an exit point (section 5.1, figure 3c): replays the run's search and integrates the gradient system on the
 * whole training set from points of a path. Points after the exit lie between the maximum of the loss and the path's
 * end. The boundary of the origin's stability region is found by bisection; points before the exit lie before that
 * boundary, or before the maximum if the path never leaves the region.
 * @param files returns the bytes of a member's file
 * @throws UsageError when the path has no exit or too few steps; DataError when the search cannot be replayed, or the
 *   run's model or data have changed; InterruptedError when the signal is aborted
 */
export async function verifyExit(
  session: Session,
  run: FinishedRun,
  files: (member: string) => Promise<Uint8Array>,
  options: VerifyOptions,
): Promise<ExitVerdict> {
  const { config } = run;
  const member = exitedMember(run.result, options.path);
  const search = await readSearch(run.path, member.tier);
  const points = pathPoints(search, member.name, member.exit.step, options.each);
  const origin = await files(member.parent);
  const searching = await openRun(session, run, options);
  await searching.loadPoint(member.parent, origin);
  const along = await replaySearch(
    searching,
    config,
    member.parent,
    search,
    points.map(({ iteration }) => iteration),
  );
  const executor = await openRun(session, { ...run, config: { ...config, batchSize: 'full' } }, options);
  await executor.loadPoint(member.parent, origin);
  const integration = { ...options.integration, weightDecay: config.localSolver.weightDecay };
  const flows = new Flows(executor, member, along, integration, options.onIntegrated);
  const after = spread(
    points.filter(({ offset }) => offset > 0),
    options.each,
  );
  for (const point of after) await flows.from(point);
  const boundary = await findBoundary(flows, points);
  const before = points.filter(
    ({ offset, iteration }) => offset < 0 && iteration <= (boundary?.inside.iteration ?? Infinity),
  );
  for (const point of spread(before, options.each)) await flows.from(point);
  const sides = [
    ...spread(before, options.each).map((point) => ({ ...point, side: 'before' as const })),
    ...after.map((point) => ({ ...point, side: 'after' as const })),
  ];
  return conclude(flows, config, sides, boundary, options.projection);
}

function exitedMember({ members }: Result, path: string | null): Exited {
  const exited = members.filter((member): member is Exited => member.exit !== null && member.parent !== null);
  const found = exited.find(({ name }) => path === null || name === path);
  if (found !== undefined) return found;
  const known = exited.map(({ name }) => name).join(', ') || 'none';
  const missing = path === null ? 'no path of this run has an exit to verify' : `path '${path}' has no exit to verify`;
  throw new UsageError(`${missing}; with one: ${known}`);
}

/**
 * Finds, by bisection, the two neighbours among the points between which a path leaves the stability region of its
 * origin.
 */
async function findBoundary(flows: Flows, points: readonly PathPoint[]): Promise<ExitVerdict['boundary']> {
  let [low, high] = [0, points.length - 1];
  if ((await flows.returns(points[high])) || !(await flows.returns(points[low]))) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await flows.returns(points[middle])) low = middle;
    else high = middle;
  }
  return { inside: points[low], outside: points[high] };
}

async function conclude(
  flows: Flows,
  config: Config,
  samples: readonly SidedPoint[],
  boundary: ExitVerdict['boundary'],
  projection: VerifyOptions['projection'],
): Promise<ExitVerdict> {
  const { executor, member } = flows;
  const iterations = [Flows.ORIGIN, ...samples.map(({ iteration }) => iteration)];
  const names = iterations.map(Flows.endName);
  const distances = await executor.distances(names);
  const between = (a: number, b: number) => distances[a * names.length + b];
  const ofSamples = samples.flatMap((_, a) => samples.map((__, b) => between(a + 1, b + 1)));
  const [from, to] = nearestAcross(samples, ofSamples);
  const loss = await executor.segment(
    names[from + 1],
    names[to + 1],
    segmentPositions(config.barrierPoints),
    segmentStream('ends'),
  );
  const optima = nameOptima(distances, names.length, member.exit.distance);
  const lossAt = (iteration: number) => flows.ends.get(iteration)?.loss ?? Number.NaN;
  return {
    path: member.name,
    exit: { iteration: member.exit.step, rho1: member.exit.rho1, peakLoss: member.exit.peakLoss },
    boundary,
    samples: samples.map((sample, k) => {
      const end = { optimum: optima[k + 1], loss: lossAt(sample.iteration), toOrigin: between(0, k + 1) };
      return { ...sample, end };
    }),
    verdict: judgeEnds(samples, ofSamples, { barrier: barrierOf(loss), rise: config.dspTt.verifyRise }),
    view: exitViewOf(flows, config.seed, samples, { nearest: [samples[from], samples[to]], projection }),
  };
}
