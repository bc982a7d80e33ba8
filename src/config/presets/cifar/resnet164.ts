import type { ConfigInput } from '../../schema';
import type { Scaled } from '../scales';
import { CIFAR_SMOKE, REDUCED_IMAGES } from './images';

/**
 * Pre-activation ResNet-164 after Garipov et al. (2018), which the paper follows; all 50,000 images train, so the tier to
 * start from is chosen by training loss. SSE as in Huang et al. (2017a) with the paper's 5 cycles; FGE's 6 cycles of 4
 * epochs end the budget; SWA from 84 % on as in its authors' README.
 */
export const resnet164 = {
  dataset: { name: 'cifar10', args: { train: 50_000, validation: 0, normalise: 'cifar' } },
  model: { name: 'preresnet', args: { depth: 164 } },
  batchSize: 128,
  budget: { epochs: 200 },
  selectOn: 'training',
  localSolver: { lr: 0.1, weightDecay: 3e-4, schedule: 'garipov' },
  dspTt: { tiers: [5], tierShare: 0.25, rho1: { increment: 0.001 }, rho2TimesLr: 0.1 },
  snapshot: { cycles: 5, lr: 0.2 },
  fge: { start: 0.88, cycles: 6, lrMax: 0.05, lrMin: 5e-4 },
  swa: { start: 0.84, lrTimes: 0.1 },
  pairBarriers: true,
  barrierPoints: 5, // each costs two passes over the training images
} as const satisfies ConfigInput;

/** ResNet-20 of half the width. */
export const resnet164Scaled: Scaled = {
  reduced: {
    ...REDUCED_IMAGES,
    model: { args: { depth: 20, width: 8 } },
  },
  smoke: CIFAR_SMOKE,
};
