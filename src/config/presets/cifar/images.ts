import type { ConfigInput } from '../../schema';
import { SMOKE } from '../scales';

/** The full scale: all 50,000 images train, so the tier to start from is chosen by training loss. */
export function fullImages<const Normalise extends string>(normalise: Normalise, tierShare: number) {
  return {
    dataset: { name: 'cifar10', args: { train: 50_000, validation: 0, normalise } },
    selectOn: 'training',
    dspTt: { tiers: [5], tierShare, rho1: { increment: 0.001 }, rho2TimesLr: 0.1 },
    pairBarriers: true,
    barrierPoints: 5, // each costs two passes over the training images
  } as const satisfies ConfigInput;
}

/** 64 images of the built-in excerpt in batches of 8, with the network of the reduced scale: some seconds of a CPU. */
export const CIFAR_SMOKE = {
  ...SMOKE,
  dataset: { name: 'cifar10-sample', args: { train: 64, validation: 16, test: 16 } },
  batchSize: 8,
  selectOn: 'validation',
} as const satisfies ConfigInput;

/**
 * 4,000 images averaged to 16x16 pixels: a quarter of the work an image, so that 60 epochs fit into minutes of a CPU. A path
 * has some 50 steps, a tenth of the paper's, so its pace and its calibration are about ten times the paper's
 * (docs/results/tuning.md).
 */
export const REDUCED_IMAGES = {
  dataset: { args: { train: 4000, validation: 1000, test: 2000, side: 16 } },
  batchSize: 64,
  threads: 1,
  budget: { epochs: 60 },
  selectOn: 'validation',
  dspTt: {
    tierShare: 0.25,
    searchShare: 0.3,
    rho1: { increment: 0.014, max: 0.7 },
    rho2TimesLr: 1,
    memberLrTimes: 0.5, // descents of two epochs come no lower from the full rate
    detector: { minRise: 0.15, buffer: 10, decay: 0.9 },
    decideEvery: 10,
    lag: 1,
    retries: 0, // the share is enough for one round, not for two
  },
  barrierPoints: 3,
} as const satisfies ConfigInput;
