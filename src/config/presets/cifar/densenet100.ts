import type { ConfigInput } from '../../schema';
import type { Scaled } from '../scales';
import { CIFAR_SMOKE, fullImages, REDUCED_IMAGES } from './images';

/**
 * DenseNet-BC-100 (k = 12) after Huang et al. (2017b): batches of 64, Nesterov momentum, the rate divided by ten at half
 * and three quarters of 300 epochs. One tier of the paper has 50 of them. SSE with 6 cycles (Huang et al. 2017a); FGE's
 * rates are those of ResNet, as its authors have none for this network.
 */
export const densenet100 = {
  ...fullImages('data', 1 / 6),
  model: { name: 'densenet', args: { depth: 100, growth: 12 } },
  batchSize: 64,
  budget: { epochs: 300 },
  localSolver: { lr: 0.1, nesterov: true, weightDecay: 1e-4, schedule: 'multiStep' },
  snapshot: { cycles: 6, lr: 0.1 },
  fge: { start: 0.92, cycles: 6, lrMax: 0.05, lrMin: 5e-4 },
  swa: { start: 0.84, lrTimes: 0.1 },
} as const satisfies ConfigInput;

/** DenseNet-BC-16 (k = 8): three blocks of two layers. */
const REDUCED = { args: { depth: 16, growth: 8 } } as const satisfies ConfigInput['model'];

/** The smaller scales of the recipe. */
export const densenet100Scaled: Scaled = {
  reduced: {
    ...REDUCED_IMAGES,
    model: REDUCED,
    pairBarriers: false, // a third of the time
  },
  smoke: { ...CIFAR_SMOKE, model: REDUCED },
};
