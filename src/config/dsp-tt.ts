import { z } from 'zod';
import { SCHEDULES } from '../schedules';
import { AUTO } from '../trust-tech/auto';
import { DIRECTION_SCALES, SOLVERS } from '../trust-tech/space';

const steps = z.int().min(1).max(1e9);
const share = z.number().gt(0).lt(1);
const rate = z.number().gt(0);
const schedule = z.enum(Object.keys(SCHEDULES) as [keyof typeof SCHEDULES]);
const decay = z.number().min(0).lt(1);

/** A number, or `auto` for one that fits the budget (trust-tech/auto.ts): the default where no preset is named. */
const fitted = <Number extends z.ZodType>(number: Number) => z.union([number, z.literal(AUTO)]);

/** A solver as `torch.optim` defines it; SGD reads momentum and nesterov, Adam and AdamW the betas and epsilon. */
const solver = {
  solver: z.enum(SOLVERS).default('sgd').describe('as torch.optim defines it'),
  momentum: decay.default(0.9).describe('of sgd'),
  nesterov: z.boolean().default(false).describe("Nesterov's momentum, of sgd"),
  weightDecay: z.number().min(0).default(3e-4).describe('L2 penalty; of adamw the decoupled decay'),
  beta1: decay.default(0.9).describe('decay of the mean of gradients, of adam and adamw'),
  beta2: decay.default(0.999).describe('decay of the mean of their squares, of adam and adamw'),
  epsilon: rate.default(1e-8).describe('added to the root of that mean, of adam and adamw'),
  clipNorm: rate
    .nullable()
    .default(null)
    .describe('largest length of the whole gradient; a longer one is shortened to it. null: none')
    .meta({ since: '0.1.0' }),
};

/** Options of the local solver, which trains networks. Defaults: Garipov et al. (2018) for ResNet. */
export const localSolver = z.strictObject({
  lr: rate.default(0.1).describe('learning rate at the start, lr0'),
  ...solver,
  schedule: schedule
    .default('garipov')
    .describe('how the rate changes over a training; warmupCosine rises over its first 5 %'),
  ema: z
    .number()
    .gt(0)
    .lt(1)
    .nullable()
    .default(null)
    .describe(
      'decay of the running average of the weights that each descent ends in; null: it ends in its last weights',
    )
    .meta({ since: '0.1.0' }),
  earlyStopping: z
    .strictObject({
      patience: z
        .int()
        .min(1)
        .max(1000)
        .nullable()
        .default(null)
        .describe('validation points without a lower loss after which a training ends; null: none ends early'),
      minDelta: z.number().min(0).default(0).describe('nats by which a loss must be lower to count'),
    })
    .prefault({})
    .describe('a training whose validation loss no longer falls ends, and keeps the network of its best point')
    .meta({ since: '0.1.0' }),
});

/** Options of the search (section 3.2 of the paper) and of its tiers. */
export const dspTt = z.strictObject({
  tiers: z
    .array(z.int().min(1).max(100))
    .min(1)
    .max(10)
    .default([5])
    .describe('search paths of tier 1, 2, ...; a tier starts from the best optimum of the one before'),
  tierShare: fitted(share)
    .default(0.25)
    .describe('the part of the budget that goes to the tiers, in equal parts (the paper: 50 of 200 epochs, one tier)'),
  fullTrain: z
    .boolean()
    .default(false)
    .describe('tier 0 and every member train for a whole budget (the paper, table 3): the cost is a budget a network'),
  searchShare: fitted(share).default(0.3).describe("the most of the tier's steps that go to the search"),
  rho1: z
    .strictObject({
      start: rate.default(0.02).describe('length of the first displacement, in units of the direction'),
      increment: fitted(rate).default(0.001).describe('growth of rho1 per tick of the clock (the paper: 0.001)'),
      max: rate.default(1).describe('where rho1 is held'),
      clock: z
        .enum(['iteration', 'path'])
        .default('iteration')
        .describe("what counts the ticks: the tier's iterations, or each path's own steps"),
    })
    .refine(({ start, max }) => start <= max, { error: 'start must be at most max' })
    .prefault({})
    .describe('pace of the search: rho1 grows linearly and is held'),
  rho2TimesLr: fitted(z.number().min(0))
    .default(0.1)
    .describe("calibration step, as a multiple of the local solver's lr0"),
  rho2Schedule: schedule
    .default('constant')
    .describe("how rho2 changes over the search's share")
    .meta({ deprecated: true }),
  calibration: z
    .strictObject({
      ...solver,
      solver: z
        .enum([...SOLVERS, AUTO])
        .default('sgd')
        .describe("as torch.optim defines it; auto: the local solver's"),
      momentum: decay.default(0).describe('of sgd'),
      weightDecay: z.number().min(0).default(0).describe('L2 penalty; of adamw the decoupled decay'),
    })
    .prefault({})
    .describe('the local solver f of the calibration step (equation 3); by default minus the gradient'),
  memberLrTimes: rate.default(1).describe("lr0 of a member's descent, as a multiple of the local solver's"),
  form: z
    .enum(['ratio', 'literal'])
    .default('ratio')
    .describe('growth of a step: the ratio of rho1 to its last value, or equation 3 to the letter, which collapses'),
  scale: z.enum(DIRECTION_SCALES).default('layer').describe('how the first direction is scaled'),
  detector: z
    .strictObject({
      decay: fitted(decay).default(0.95).describe("of the moving average of a path's losses"),
      minRise: fitted(rate).default(0.1).describe('nats above the start that count as climbing'),
      buffer: fitted(z.int().min(0)).default(30).describe('steps of a path without a new maximum until it descends'),
      drop: z.number().gt(0).max(1).default(0.3).describe('part of the rise that must be lost for an exit'),
      startBatches: steps.default(20).describe("batches that measure the origin's loss"),
    })
    .prefault({})
    .describe('when a path counts as having passed an exit point'),
  decideEvery: fitted(steps).default(50).describe('iterations of a decision cell'),
  lag: fitted(z.int().min(0).max(100)).default(2).describe("cells between a decision's cause and its effect"),
  verify: z
    .enum(['none', 'barrier'])
    .default('none')
    .describe('barrier: an exit counts only where the training loss has a barrier between origin and path'),
  verifyRise: rate.default(0.01).describe('nats by which the loss must stand above both ends for a barrier'),
  verifyStretch: rate.default(0.25).describe('by how much rho1 grows on where there was no barrier'),
  retries: z.int().min(0).max(10).default(1).describe('further rounds for exhausted and diverged paths, redrawn'),
  roundShare: share
    .default(0.75)
    .describe("the most that a round before the last may take of what is left of the search's share")
    .meta({ deprecated: true }),
  fineTune: z
    .strictObject({
      epochs: z.number().min(0).max(1e4).default(0).describe('epochs a tier-1 member, on top (the paper: 10)'),
      lrTimes: rate.default(0.01).describe("constant rate, as a multiple of the local solver's lr0"),
    })
    .prefault({})
    .describe('copies of tier-1 members trained on (table 1 of the paper)'),
  averageMembers: z.boolean().default(false).describe('each descent ends in an average of its weights, as `swa` says'),
});

/** Settings below those of a configuration without a preset: what fits its budget, where the paper's numbers would not. */
export const FITTED = {
  tierShare: AUTO,
  searchShare: AUTO,
  rho1: { increment: AUTO },
  rho2TimesLr: AUTO,
  calibration: { solver: AUTO },
  detector: { decay: AUTO, minRise: AUTO, buffer: AUTO },
  decideEvery: AUTO,
  lag: AUTO,
} as const satisfies z.input<typeof dspTt>;
