import type { AnalyticConfigInput } from '../../src/config/closed-form';
import type { ConfigInput } from '../../src/config/schema';

/** A small run on the wine data, and the point at which it is interrupted. */
export interface JournalRun {
  readonly values: ConfigInput;
  /** Number of the command during which it is interrupted. */
  readonly cutAt: number;
  /** Network to start from: a file of another kept run. */
  readonly tier0?: string;
}

const WINE = { preset: 'wine', device: 'cpu' } as const;
const SEARCH = {
  tiers: [2],
  rho1: { increment: 0.1 },
  detector: { buffer: 3, decay: 0.7, minRise: 0.05, startBatches: 3 },
  decideEvery: 5,
};

/**
 * Environment that makes a worker compute by kernels that every x86-64 CPU has: a cut run is resumed with the same bits
 * on another machine.
 */
export const PORTABLE = { MKL_CBWR: 'COMPATIBLE', ATEN_CPU_CAPABILITY: 'default' } as const;

/** Runs of every method, of options nested below other options, and of options introduced after the first journals. */
export const RUNS: Readonly<Record<string, JournalRun>> = {
  single: { values: { ...WINE, method: 'single', budget: { steps: 80 } }, cutAt: 4 },
  'random-jump': { values: { ...WINE, method: 'random-jump', budget: { steps: 120 }, dspTt: SEARCH }, cutAt: 10 },
  snapshot: { values: { ...WINE, method: 'snapshot', budget: { steps: 80 }, snapshot: { cycles: 2 } }, cutAt: 5 },
  'fge-short': { values: { ...WINE, method: 'fge', budget: { steps: 60 }, fge: { cycles: 2 } }, cutAt: 7 },
  'swa-short': { values: { ...WINE, method: 'swa', budget: { steps: 48 } }, cutAt: 7 },
  horizontal: {
    values: { ...WINE, method: 'horizontal', budget: { steps: 60 }, horizontal: { members: 2 } },
    cutAt: 5,
  },
  'csg-mcmc': {
    values: { ...WINE, method: 'csg-mcmc', budget: { steps: 80 }, csgMcmc: { cycles: 2, samples: 1, lr: 0.05 } },
    cutAt: 6,
  },
  independent: {
    values: { ...WINE, method: 'independent', budget: { steps: 80 }, independent: { members: 2 } },
    cutAt: 6,
  },
  'dsp-tt-nested': {
    values: {
      ...WINE,
      seed: 6, // its members of both tiers lie beyond barriers
      budget: { steps: 260 },
      localSolver: { nesterov: true },
      dspTt: {
        ...SEARCH,
        tiers: [3, 2],
        rho1: { increment: 0.4, max: 4 },
        rho2TimesLr: 3,
        calibration: { momentum: 0.5 },
        verify: 'barrier',
        verifyStretch: 1,
        fineTune: { epochs: 1 },
        averageMembers: true,
      },
      pairBarriers: true,
    },
    cutAt: 35,
  },
  'dsp-tt-given': {
    values: { ...WINE, seed: 1, budget: { steps: 120 }, dspTt: SEARCH },
    tier0: 'single/members/tier0.safetensors',
    cutAt: 12,
  },
  'independent-at-once': {
    values: {
      ...WINE,
      method: 'independent',
      budget: { steps: 80 },
      independent: { members: 2 },
      membersAtOnce: 2,
      membersWay: 'stack',
      graphs: 'off',
      data: 'device',
    },
    cutAt: 5,
  },
};

/** Runs on closed-form objectives that are polynomials: their arithmetic is the same in every JavaScript engine. */
export const CLOSED_FORMS: Readonly<Record<string, AnalyticConfigInput>> = {
  himmelblau: { preset: 'himmelblau' },
  'six-hump-camel': { preset: 'six-hump-camel', seed: 3, search: { direction: 'dynamic', paths: 4 } },
};
