import type { ConfigInput } from '../schema';

/**
 * The network of figure 3c: 11 measurements of a red wine, 5 tanh neurons without bias, one number: 61 parameters, trained
 * on its full gradient. Weight decay gives every optimum a place of its own; without it they lie in flat valleys along
 * which a gradient system creeps for ever (docs/trust-tech.md).
 */
export const wineQuality = {
  dataset: { name: 'winequality' },
  model: { name: 'mlp', args: { hidden: [5], activation: 'tanh', hiddenBias: false } },
  loss: 'meanSquared',
  batchSize: 'full',
  threads: 1,
  budget: { steps: 30_000 },
  localSolver: { lr: 0.02, weightDecay: 0.01 },
  dspTt: {
    tiers: [1],
    tierShare: 0.3,
    searchShare: 0.5,
    rho1: { increment: 0.0004, max: 4 },
    rho2TimesLr: 0.5,
    calibration: { weightDecay: 0.01 },
    // A full gradient has no noise to wait out: a path exits as soon as its loss falls, before it crosses another region.
    detector: { decay: 0, minRise: 0.02, buffer: 10, drop: 0.02, startBatches: 1 },
    decideEvery: 50,
    lag: 0,
  },
} as const satisfies ConfigInput;
