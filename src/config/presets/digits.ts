import type { ConfigInput } from '../schema';

/** 300 images of 8x8 digits and a small convolutional network: DSP-TT in seconds on a CPU. */
export const digits = {
  preset: 'digits',
  dataset: { name: 'digits' },
  model: { name: 'conv' },
  batchSize: 50,
  threads: 1,
  budget: { steps: 1500 },
  localSolver: { lr: 0.1, weightDecay: 1e-4 },
  dspTt: {
    tierShare: 0.6,
    searchShare: 0.5,
    rho1: { increment: 0.005 },
    detector: { buffer: 10, decay: 0.9 },
    decideEvery: 10,
    lag: 1,
  },
} as const satisfies ConfigInput;
