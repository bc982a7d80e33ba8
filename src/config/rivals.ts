import { z } from 'zod';

const share = z.number().gt(0).lt(1);
const rate = z.number().gt(0);

/** The control: jumps in the place of searches. */
export const randomJump = z.strictObject({
  length: rate.nullable().default(null).describe('length of the jump in units of the direction; null: dspTt.rho1.max'),
  descents: z
    .enum(['same', 'equalTotal'])
    .default('same')
    .describe("same: as long as DSP-TT's when its search uses its whole share; equalTotal: the search's share too"),
});

/** A deep ensemble. */
export const independent = z.strictObject({
  members: z.int().min(1).max(100).default(6).describe('networks'),
  budgets: z.int().min(1).max(100).default(1).describe('whole budgets spent in all, in equal parts on the members'),
});

/** Snapshot ensembles (Huang et al. 2017a). */
export const snapshot = z.strictObject({
  cycles: z.int().min(1).max(100).default(6).describe('cycles of the rate, a member at the end of each'),
  lr: rate.default(0.2).describe('rate at the start of each cycle (Huang et al. 2017a)'),
});

/** Fast geometric ensembles (Garipov et al. 2018). */
export const fge = z.strictObject({
  start: share.default(0.8).describe('part of the budget that trains the checkpoint'),
  cycles: z.int().min(1).max(1000).default(6).describe('cycles of the rate, a member in the middle of each'),
  lrMax: rate.default(0.05).describe('rate at the ends of a cycle'),
  lrMin: rate.default(5e-4).describe('rate in its middle'),
});

/** Stochastic weight averaging (Izmailov et al. 2018). */
export const swa = z.strictObject({
  start: share.default(0.75).describe('part of the training after which weights are averaged'),
  lrTimes: rate.default(0.5).describe("constant rate from there on, as a multiple of the training's lr0"),
  everyEpochs: rate.default(1).describe('epochs between two weights that enter the average'),
});

/** Horizontal voting (Xie et al. 2013): the networks at the ends of the last epochs. */
export const horizontal = z.strictObject({
  members: z.int().min(1).max(1000).default(6).describe('networks'),
  everyEpochs: rate.default(1).describe('epochs between two members'),
});

/** Cyclical stochastic gradient MCMC (Zhang et al. 2020). */
export const csgMcmc = z.strictObject({
  cycles: z.int().min(1).max(1000).default(4).describe('cycles of the rate'),
  samples: z.int().min(1).max(100).default(3).describe('members a cycle'),
  explore: share.default(0.8).describe('part of a cycle without noise').meta({ deprecated: true }),
  lr: rate.default(0.5).describe('rate at the start of each cycle'),
  temperature: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe("of the sampled posterior; null: 1/N for N training samples, as in the authors' code; 0: no noise"),
});
