import { z } from 'zod';
import { DIRECTIONS } from '../closed-form/directions';
import { METRICS } from '../closed-form/flow-space';
import { OBJECTIVES } from '../closed-form/objectives';

const rate = z.number().gt(0);
const count = z.int().min(1).max(1e6);

const objective = z.strictObject({
  name: z.enum(Object.keys(OBJECTIVES) as [keyof typeof OBJECTIVES]).describe('the function'),
  dims: count.default(2).describe('number of variables, where the objective comes in several'),
  box: z
    .tuple([z.number(), z.number()])
    .refine(([from, to]) => from < to, { error: 'must be [from, to] with from below to' })
    .nullable()
    .default(null)
    .describe("[from, to] of every axis; null: the objective's own box"),
});

const flow = z.strictObject({
  metric: z.enum(METRICS).default('identity').describe('R(x) of the gradient system dx/dt = -R(x)^-1 grad c(x)'),
  mu: rate.default(0.01).describe('mu of levenberg-marquardt'),
  tolerance: rate.default(1e-3).describe("largest error of an integration step, as a part of the step's length"),
  gradientBelow: rate
    .default(1e-8)
    .describe('length of the gradient at which the flow is at rest')
    .meta({ deprecated: true }),
  maxSteps: count.default(100_000).describe('integration steps of a flow'),
});

const search = z.strictObject({
  direction: z.enum(DIRECTIONS).default('coordinate').describe('how the directions of search paths are chosen'),
  paths: z.int().min(1).max(1000).default(16).describe('random and dynamic paths a LOS'),
  rho1: z
    .strictObject({
      start: rate.default(0.005).describe('length of the first displacement, in units of the box'),
      increment: rate.default(0.01).describe('growth of rho1 per step of a path'),
      max: rate.default(2).describe('where rho1 is held'),
    })
    .refine(({ start, max }) => start <= max, { error: 'start must be at most max' })
    .prefault({})
    .describe('pace of the search: rho1 grows linearly and is held'),
  rho2: z.number().min(0).default(1e-4).describe('calibration step of dynamic paths, as a multiple of the gradient'),
  detector: z
    .strictObject({
      minRise: rate.default(1e-9).describe('rise of the objective that counts as climbing'),
      buffer: z.int().min(0).max(1000).default(3).describe('steps of a path without a new maximum until it descends'),
      drop: z.number().gt(0).max(1).default(1e-3).describe('part of the rise that must be lost for an exit'),
    })
    .prefault({})
    .describe('when a path counts as having passed an exit point'),
});

/** Everything that a run on a closed-form objective depends on. Unknown keys are refused. */
export const analyticSchema = z.strictObject({
  preset: z.string().nullable().default(null).describe('what the configuration starts from; null: from nothing'),
  method: z.literal('tier-by-tier').default('tier-by-tier').describe('how optima are found'),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('of all random streams'),
  objective: objective.describe('the closed-form function whose optima are searched'),
  start: z
    .array(z.number())
    .nullable()
    .default(null)
    .describe('where the flow to the first optimum begins; null: a random point of the box'),
  flow: flow.prefault({}).describe('the gradient system that leads to an optimum'),
  search: search.prefault({}).describe('the search for exit points around an optimum'),
  mergeTolerance: rate
    .default(1e-3)
    .describe("points are one optimum within this part of the box's width on every axis")
    .meta({ deprecated: true }),
  maxTiers: z.int().min(0).max(10_000).default(100).describe('the search ends after so many tiers'),
  maxOptima: count.default(1000).describe('the search ends when it has found so many'),
});

/** A resolved configuration of a closed-form objective: every default filled in. */
export type AnalyticConfig = z.infer<typeof analyticSchema>;

export type { AnalyticConfigInput } from './config-input';
