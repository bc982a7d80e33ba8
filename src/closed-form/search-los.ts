import { searchPaths } from '../trust-tech/algorithm1';
import type { MethodEvent } from '../trust-tech/events';
import type { DetectorOptions } from '../trust-tech/exit-detector';
import { directionStream, pathNames, probeStream } from '../trust-tech/names';
import type { Pace } from '../trust-tech/pace';
import type { PathState, SearchOptions } from '../trust-tech/path-states';
import { GRADIENT } from '../trust-tech/space';
import { type CapturedStep, capturing, stepsOfPath } from './captured-steps';
import { axes, bothWays, type Direction } from './directions';
import type { FlowEnd, FlowSpace } from './flow-space';
import type { LosExit } from './los-graph';

export interface LosSearchOptions {
  readonly direction: Direction;
  /** Number of random or dynamic paths a LOS; with the other kinds a LOS has two paths an axis. */
  readonly paths: number;
  /** Pace in units of the box, per step of the path. */
  readonly rho1: Pick<Pace, 'start' | 'increment' | 'max'>;
  /** Calibration step of dynamic paths, in units of the gradient. */
  readonly rho2: number;
  readonly detector: Omit<DetectorOptions, 'decay'>;
}

export interface LosSearch {
  readonly space: FlowSpace;
  readonly seed: number;
  /** The LOS: a point of the space, whose name labels its paths and random streams. */
  readonly origin: string;
  readonly options: LosSearchOptions;
  readonly report: (event: MethodEvent) => void;
}

/** A search path from a LOS, its steps, and the end of the flow from beyond its exit. */
export interface LosPath {
  readonly name: string;
  /** `leftBox`: its loss was not finite, as it is outside the box. */
  readonly status: 'exited' | 'exhausted' | 'leftBox';
  readonly steps: readonly CapturedStep[];
  readonly exit: LosExit | null;
  /** Index of the exit's step among `steps`. */
  readonly exitStep: number | null;
  readonly end: FlowEnd | null;
}

/** Searches the paths of a LOS to their exits, and follows the flow from beyond each. */
export async function searchLos(search: LosSearch): Promise<LosPath[]> {
  const { space, seed, origin, options, report } = search;
  const { names, newPath } = await pathsOf(search);
  const found = await searchPaths({
    space: capturing(space),
    seed,
    label: origin,
    origin,
    names,
    newPath,
    options: searchOptions(options, names.length),
    solver: GRADIENT,
    barrierPoints: 0,
    startLoss: (await space.probe(origin, probeStream(origin), 1)).loss,
    report,
  });
  const paths: LosPath[] = [];
  for (const [k, state] of found.state.paths.entries()) {
    paths.push(await endOf(space, names[k], state, stepsOfPath(found.cells, k)));
  }
  await space.drop({ paths: names });
  return paths;
}

async function endOf(
  space: FlowSpace,
  name: string,
  { status, exit, detector }: PathState,
  steps: readonly CapturedStep[],
): Promise<LosPath> {
  await space.pointFromPath(name, name);
  const left = status === 'diverged' ? 'leftBox' : 'exhausted';
  const path: LosPath = { name, status: left, steps, exit: null, exitStep: null, end: null };
  const end = status === 'exited' ? await space.integrate(name) : null;
  await space.drop({ points: [name] });
  if (end === null) return path;
  const { rho1, distance, cosine, peakLoss } = exit;
  const exitStep = detector.peak.step;
  const x = Array.from(steps[exitStep].x);
  return { ...path, status: 'exited', end, exitStep, exit: { x, value: peakLoss, path: name, rho1, distance, cosine } };
}

/** Returns the names of a LOS's paths, and the function that creates one. */
export async function pathsOf({ space, origin, options: { direction, paths } }: LosSearch): Promise<{
  readonly names: readonly string[];
  readonly newPath: (name: string) => Promise<void>;
}> {
  if (direction === 'random' || direction === 'dynamic') {
    const newPath = (name: string) => space.newPath(name, origin, directionStream(name, 1), 'unit');
    return { names: pathNames(origin, paths), newPath };
  }
  const directions = bothWays(direction === 'hessian' ? await space.eigenvectors(origin) : axes(space.dims));
  const names = pathNames(origin, directions.length);
  return { names, newPath: (name) => space.newPathAlong(name, origin, directions[names.indexOf(name)]) };
}

/** Returns the length of the calibration step: 0 for fixed directions. */
export function calibrationOf({ direction, rho2 }: LosSearchOptions): number {
  return direction === 'dynamic' ? rho2 : 0;
}

/**
 * Returns search options with a decision after every step: without noise there is nothing to average and nothing to
 * wait for.
 */
function searchOptions(options: LosSearchOptions, paths: number): SearchOptions {
  const { rho1, detector } = options;
  const own = Math.ceil((rho1.max - rho1.start) / rho1.increment) + detector.buffer + 1;
  const steps = 2 * own * paths; // the pick is random: a path that never ends must not use up the steps of others
  return {
    paths,
    steps,
    rho1: { ...rho1, clock: 'path' },
    rho2: new Float64Array(steps).fill(calibrationOf(options)),
    form: 'ratio',
    detector: { ...detector, decay: 0 },
    decideEvery: 1,
    lag: 0,
    verify: null,
    retries: 0,
    roundShare: 1,
  };
}
