import { resolveConfig } from '../config/resolve';
import type { Config, ConfigInput } from '../config/schema';
import { type PathProgress, searchProgressFigure } from '../report/figures/search-progress';
import { fixed } from '../report/format';
import type { Claim, ReproduceRequest, Reproduction } from './reproduction';
import { type WatchedPath, watchPath } from './runs/watch-path';

const FIGURE_DATASETS = ['digits', 'mnist'] as const;

/** Figure 3a: loss on the training and test set along one search path with full gradients. */
export const fig3a: Reproduction = {
  name: 'fig3a',
  shows: 'loss on the training and test set during a search with full gradients (the paper: MNIST)',
  datasets: FIGURE_DATASETS,
  takes: ['dataDir', 'seed', 'quick'],
  scale: null,
  resumes: false,
  make: (request) => progress(request, { name: 'fig3a', measure: 'loss', full: true }),
};

/** Figure 3b: error rates along one search path with mini-batches. */
export const fig3b: Reproduction = {
  name: 'fig3b',
  shows: 'error rates on the training and test set during a search with mini-batches (the paper: CIFAR-100)',
  datasets: FIGURE_DATASETS,
  takes: ['dataDir', 'seed', 'quick'],
  scale: null,
  resumes: false,
  make: (request) => progress(request, { name: 'fig3b', measure: 'error rate', full: false }),
};

interface Kind {
  readonly name: string;
  readonly measure: 'loss' | 'error rate';
  readonly full: boolean;
}

async function progress(request: ReproduceRequest, { name, measure, full }: Kind) {
  const config = configOf(request, full);
  const onEvent = request.onPart('one search path');
  const session = await request.session();
  const executor = await session.open(config, {
    signal: request.signal,
    onProgress: (event) => onEvent?.({ type: 'progress', ...event }),
  });
  const context = {
    executor,
    config,
    steps: 0,
    tier0: null,
    report: (event: Parameters<NonNullable<typeof onEvent>>[0]) => onEvent?.(event),
  };
  const watched = await watchPath(context, stepsOf(request.quick, full));
  const exit = watched.exit && { iteration: watched.exit.step + 1, rho1: watched.exit.rho1 };
  const gradients = full ? 'full gradients' : `mini-batches of ${config.batchSize}`;
  const title = `${measure === 'loss' ? 'Loss' : 'Error rate'} along one search path on ${request.dataset}, with ${gradients}`;
  const figure = searchProgressFigure({ name, title, measure, points: watched.points, exit });
  return {
    figures: [figure],
    files: {},
    table: '',
    claims: [riseAndFall(watched, measure, config.dspTt.rho1.max), cosineStays(watched)],
  };
}

/**
 * Builds the configuration: one path alone, with rho1 growing so slowly that the rise of the loss can be seen, and
 * beyond 1, so that the exit is the loss surface's and not the end of the growth.
 */
function configOf({ seed, dataset, dataDir }: ReproduceRequest, full: boolean): Config {
  const data = dataset === 'mnist' ? DATA.mnist : DATA.digits;
  const common: ConfigInput = {
    seed,
    ...data,
    ...(dataDir !== null && { dataset: { ...data.dataset, dir: dataDir } }),
    dspTt: { tiers: [1], rho1: { increment: 0.004, max: 3 }, detector: { buffer: 10, decay: 0.9 } },
  };
  const batches: ConfigInput = full ? { batchSize: 'full', dspTt: { detector: { buffer: 5, decay: 0 } } } : {};
  return resolveConfig([
    { from: 'dsptt reproduce', values: common },
    { from: 'dsptt reproduce', values: batches },
  ]);
}

const DATA: Readonly<
  Record<(typeof FIGURE_DATASETS)[number], ConfigInput & { readonly dataset: { readonly name: string } }>
> = {
  digits: { preset: 'digits', dataset: { name: 'digits' } },
  mnist: {
    dataset: { name: 'mnist', args: { train: 2000 } },
    model: { name: 'mlp', args: { hidden: [64] } },
    batchSize: 100,
    threads: 1,
    budget: { steps: 1000 },
    localSolver: { lr: 0.1, weightDecay: 1e-4 },
  },
};

function stepsOf(quick: boolean, full: boolean) {
  const times = full ? 1 : 1.5; // noisy gradients need more steps
  if (quick) return { tier0Steps: 60, searchSteps: 60, every: 10, after: 10 };
  return { tier0Steps: Math.round(400 * times), searchSteps: 300, every: 4, after: 60 };
}

/** Part of the rise that must be lost again at the end to count as a fall: the exit detector's own. */
const FALL = 0.3;

/** Checks the claim of section 5.1: the measurement first goes up, reaches a local maximum, then goes down. */
export function riseAndFall({ points, exit }: WatchedPath, measure: Kind['measure'], rhoMax: number): Claim {
  const claim = `the ${measure} first goes up, and beyond the exit point goes down`;
  const splits = (['train', 'test'] as const).map((split) => ({
    split,
    ...extent(points, (point) => measurementOf(point, split, measure)),
  }));
  const unit = measure === 'loss' ? 'nats' : '%';
  const digits = measure === 'loss' ? 3 : 1;
  const words = splits.map(
    ({ split, first, highest, last }) =>
      `${split} ${measure} rises from ${fixed(first, digits)} to ${fixed(highest, digits)} and falls to ${fixed(last, digits)} ${unit}`,
  );
  const where =
    exit === null
      ? 'no exit point was found'
      : `the exit point is at iteration ${exit.step + 1}, at rho1 ${fixed(exit.rho1, 2)}${exit.rho1 >= rhoMax ? ', its maximum' : ''}`;
  const holds =
    exit !== null &&
    splits.every(({ first, highest, last }) => highest > first && highest - last >= FALL * (highest - first));
  return { claim, seen: `${where}, ${words.join(', ')}`, holds };
}

function extent(points: readonly PathProgress[], value: (point: PathProgress) => number) {
  const values = points.map(value);
  return { first: values[0], highest: Math.max(...values), last: values[values.length - 1] };
}

function measurementOf(point: PathProgress, split: 'train' | 'test', measure: Kind['measure']): number {
  if (measure === 'loss') return split === 'train' ? point.trainLoss : point.testLoss;
  return (split === 'train' ? point.trainErrorPct : point.testErrorPct) ?? Number.NaN;
}

/** Lowest cosine that counts as "close to 1.0". */
const CLOSE = 0.95;

/** Checks the claim of section 5.1: the cosine to the first direction remains close to 1 throughout the search. */
export function cosineStays({ points }: WatchedPath): Claim {
  const lowest = Math.min(...points.map(({ cosine }) => cosine));
  return {
    claim: 'the cosine to the first direction remains close to 1',
    seen: `the cosine to the first direction is never below ${fixed(lowest, 3)}`,
    holds: lowest >= CLOSE,
  };
}
