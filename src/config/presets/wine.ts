import type { ConfigInput } from '../schema';

/** 90 wines of three cultivars and a small perceptron: the quickest run there is. */
export const wine = {
  dataset: { name: 'wine' },
  model: { name: 'mlp', args: { hidden: [16] } },
  batchSize: 30,
  threads: 1,
  budget: { steps: 1500 },
  localSolver: { lr: 0.05, weightDecay: 1e-4 },
  dspTt: {
    tierShare: 0.6,
    searchShare: 0.5,
    rho1: { increment: 0.005 },
    detector: { buffer: 10, decay: 0.9 },
    decideEvery: 10,
    lag: 1,
  },
} as const satisfies ConfigInput;
