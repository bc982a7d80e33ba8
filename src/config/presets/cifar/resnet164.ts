import type { ConfigInput } from '../../schema';
import type { Scaled } from '../scales';
import { CIFAR_SMOKE, fullImages, REDUCED_IMAGES } from './images';

/**
 * Pre-activation ResNet-164 after Garipov et al. (2018), which the paper follows. SSE as in Huang et al. (2017a) with the
 * paper's 5 cycles; FGE's 6 cycles of 4 epochs end the budget; SWA from 84 % on as in its authors' README.
 */
export const resnet164 = {
  ...fullImages('cifar', 0.25),
  model: { name: 'preresnet', args: { depth: 164 } },
  batchSize: 128,
  budget: { epochs: 200 },
  localSolver: { lr: 0.1, weightDecay: 3e-4, schedule: 'garipov' },
  snapshot: { cycles: 5, lr: 0.2 },
  fge: { start: 0.88, cycles: 6, lrMax: 0.05, lrMin: 5e-4 },
  swa: { start: 0.84, lrTimes: 0.1 },
} as const satisfies ConfigInput;

/** ResNet-20 of half the width. */
const REDUCED = { args: { depth: 20, width: 8 } } as const satisfies ConfigInput['model'];

/** The smaller scales of the recipe. */
export const resnet164Scaled: Scaled = {
  reduced: {
    ...REDUCED_IMAGES,
    model: REDUCED,
  },
  smoke: { ...CIFAR_SMOKE, model: REDUCED },
};
