import type { ConfigInput } from '../schema';

/**
 * 300 images of 8x8 digits and a small convolutional network: DSP-TT in seconds on a CPU. With 6 steps an epoch a search
 * of the paper's pace would take hundreds of epochs, so tier, search and pace have shares and increments of their own;
 * they, and the rivals' rates, have the lowest validation loss of the grids in docs/results/digits.md.
 */
export const digits = {
  dataset: { name: 'digits' },
  model: { name: 'conv' },
  batchSize: 50,
  threads: 1, // a second thread only slows networks of this size down
  budget: { steps: 1500 },
  localSolver: { lr: 0.1, weightDecay: 1e-4 },
  dspTt: {
    tierShare: 0.85,
    searchShare: 0.35,
    rho1: { increment: 0.01 },
    memberLrTimes: 2, // a displacement as long as the weights doubles their square, and batch norm halves the rate for it
    detector: { buffer: 10, decay: 0.9 }, // a path takes some 50 steps in all: the paper's memory would be too long
    decideEvery: 10,
    lag: 1,
  },
  snapshot: { lr: 0.1 },
  fge: { lrMax: 0.1 },
} as const satisfies ConfigInput;
