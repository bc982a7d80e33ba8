import type { ConfigInput } from '../../schema';
import type { Scaled } from '../scales';
import { CIFAR_SMOKE, fullImages, REDUCED_IMAGES } from './images';

/**
 * VGG-16 without batch norm after Garipov et al. (2018): ImageNet's mean and deviation, as their `--transform=VGG`. FGE's
 * 22 cycles of 2 epochs end the budget, SWA begins at epoch 161. SSE starts its cycles at lr0: at the 0.2 of networks with
 * batch norm this one diverges.
 */
export const vgg16 = {
  ...fullImages('imagenet', 0.25),
  model: { name: 'vgg', args: {} },
  batchSize: 128,
  budget: { epochs: 200 },
  localSolver: { lr: 0.05, weightDecay: 5e-4, schedule: 'garipov' },
  snapshot: { cycles: 5, lr: 0.05 },
  fge: { start: 0.78, cycles: 22, lrMax: 1e-2, lrMin: 5e-4 },
  swa: { start: 0.805, lrTimes: 0.2 },
} as const satisfies ConfigInput;

/** Three of the five stages, an eighth of their widths. */
const REDUCED = {
  args: {
    stages: [
      [16, 16],
      [32, 32],
      [64, 64],
    ],
    hidden: [128],
  },
} as const satisfies ConfigInput['model'];

/** The smaller scales of the recipe. */
export const vgg16Scaled: Scaled = {
  reduced: {
    ...REDUCED_IMAGES,
    model: REDUCED,
    fge: { cycles: 6 },
    pairBarriers: false, // a third of the time
  },
  smoke: { ...CIFAR_SMOKE, model: REDUCED },
};
