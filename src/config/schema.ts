import { z } from 'zod';
import { SCALES, SOLVERS } from '../executor/executor';
import { SCHEDULES } from '../schedules';
import { SCALES as PRESET_SCALES } from './presets/scales';

const steps = z.int().min(1).max(1e9);
const share = z.number().gt(0).lt(1);
const rate = z.number().gt(0);
const part = z.strictObject({ name: z.string().min(1), args: z.record(z.string(), z.unknown()).default({}) });

const schedule = z.enum(Object.keys(SCHEDULES) as [keyof typeof SCHEDULES]);
const decay = z.number().min(0).lt(1);

/** A solver as `torch.optim` defines it; SGD reads momentum and nesterov, Adam and AdamW the betas and epsilon. */
const solver = {
  solver: z.enum(SOLVERS).default('sgd'),
  momentum: decay.default(0.9),
  nesterov: z.boolean().default(false),
  weightDecay: z.number().min(0).default(3e-4),
  beta1: decay.default(0.9),
  beta2: decay.default(0.999),
  epsilon: rate.default(1e-8),
};

/** Defaults: Garipov et al. (2018) for ResNet. */
const localSolver = z.strictObject({
  lr: rate.default(0.1).describe('learning rate at the start, lr0'),
  ...solver,
  schedule: schedule.default('garipov'),
});

const dspTt = z.strictObject({
  tiers: z
    .array(z.int().min(1).max(100))
    .min(1)
    .max(10)
    .default([5])
    .describe('search paths of tier 1, 2, ...; a tier starts from the best optimum of the one before'),
  tierShare: share
    .default(0.25)
    .describe('the part of the budget that goes to the tiers, in equal parts (the paper: 50 of 200 epochs, one tier)'),
  fullTrain: z
    .boolean()
    .default(false)
    .describe('tier 0 and every member train for a whole budget (the paper, table 3): the cost is a budget a network'),
  searchShare: share.default(0.3).describe("the most of the tier's steps that go to the search"),
  rho1: z
    .strictObject({
      start: rate.default(0.02).describe('length of the first displacement, in units of the direction'),
      increment: rate.default(0.001).describe('growth of rho1 per tick of the clock (the paper: 0.001)'),
      max: rate.default(1).describe('where rho1 is held'),
      clock: z.enum(['iteration', 'path']).default('iteration'),
    })
    .refine(({ start, max }) => start <= max, { error: 'start must be at most max' })
    .prefault({}),
  rho2TimesLr: z.number().min(0).default(0.1).describe("calibration step, as a multiple of the local solver's lr0"),
  rho2Schedule: schedule.default('constant').describe("how rho2 changes over the search's share"),
  calibration: z
    .strictObject({ ...solver, momentum: decay.default(0), weightDecay: z.number().min(0).default(0) })
    .prefault({})
    .describe('the local solver f of the calibration step (equation 3); by default minus the gradient'),
  memberLrTimes: rate.default(1).describe("lr0 of a member's descent, as a multiple of the local solver's"),
  form: z.enum(['ratio', 'literal']).default('ratio'),
  scale: z.enum(SCALES).default('layer').describe('how the first direction is scaled'),
  detector: z
    .strictObject({
      decay: z.number().min(0).lt(1).default(0.95),
      minRise: rate.default(0.1).describe('nats above the start that count as climbing'),
      buffer: z.int().min(0).default(30).describe('steps of a path without a new maximum until it descends'),
      drop: z.number().gt(0).max(1).default(0.3).describe('part of the rise that must be lost for an exit'),
      startBatches: steps.default(20).describe("batches that measure the origin's loss"),
    })
    .prefault({}),
  decideEvery: steps.default(50).describe('iterations of a decision cell'),
  lag: z.int().min(0).max(100).default(2).describe("cells between a decision's cause and its effect"),
  verify: z
    .enum(['none', 'barrier'])
    .default('none')
    .describe('barrier: an exit counts only where the training loss has a barrier between origin and path'),
  verifyRise: rate.default(0.01).describe('nats by which the loss must stand above both ends for a barrier'),
  verifyStretch: rate.default(0.25).describe('by how much rho1 grows on where there was no barrier'),
  retries: z.int().min(0).max(10).default(1).describe('further rounds for exhausted and diverged paths, redrawn'),
  roundShare: share
    .default(0.75)
    .describe("the most that a round before the last may take of what is left of the search's share"),
  fineTune: z
    .strictObject({
      epochs: z.number().min(0).max(1e4).default(0).describe('epochs a tier-1 member, on top (the paper: 10)'),
      lrTimes: rate.default(0.01).describe("constant rate, as a multiple of the local solver's lr0"),
    })
    .prefault({}),
  averageMembers: z.boolean().default(false).describe('each descent ends in an average of its weights, as `swa` says'),
});

const randomJump = z.strictObject({
  length: rate.nullable().default(null).describe('length of the jump in units of the direction; null: dspTt.rho1.max'),
  descents: z
    .enum(['same', 'equalTotal'])
    .default('same')
    .describe("same: as long as DSP-TT's when its search uses its whole share; equalTotal: the search's share too"),
});

const independent = z.strictObject({
  members: z.int().min(1).max(100).default(6),
  budgets: z.int().min(1).max(100).default(1).describe('whole budgets spent in all, in equal parts on the members'),
});

const snapshot = z.strictObject({
  cycles: z.int().min(1).max(100).default(6),
  lr: rate.default(0.2).describe('rate at the start of each cycle (Huang et al. 2017a)'),
});

const fge = z.strictObject({
  start: share.default(0.8).describe('part of the budget that trains the checkpoint'),
  cycles: z.int().min(1).max(1000).default(6),
  lrMax: rate.default(0.05),
  lrMin: rate.default(5e-4),
});

/** Stochastic weight averaging (Izmailov et al. 2018). */
const swa = z.strictObject({
  start: share.default(0.75).describe('part of the training after which weights are averaged'),
  lrTimes: rate.default(0.5).describe("constant rate from there on, as a multiple of the training's lr0"),
  everyEpochs: rate.default(1).describe('epochs between two weights that enter the average'),
});

/** Horizontal voting (Xie et al. 2013): the networks at the ends of the last epochs. */
const horizontal = z.strictObject({
  members: z.int().min(1).max(1000).default(6),
  everyEpochs: rate.default(1).describe('epochs between two members'),
});

/** Cyclical stochastic gradient MCMC (Zhang et al. 2020). */
const csgMcmc = z.strictObject({
  cycles: z.int().min(1).max(1000).default(4),
  samples: z.int().min(1).max(100).default(3).describe('members a cycle'),
  explore: share.default(0.8).describe('part of a cycle without noise'),
  lr: rate.default(0.5).describe('rate at the start of each cycle'),
  temperature: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe("of the sampled posterior; null: 1/N for N training samples, as in the authors' code; 0: no noise"),
});

/** Which candidates make the result: `all` as the paper does, or a choice by validation data. */
const selection = z.strictObject({
  rule: z.enum(['all', 'best', 'greedy', 'diverse']).default('all'),
  size: z
    .int()
    .min(1)
    .max(1000)
    .default(3)
    .describe('members that are chosen at most (greedy: picks, with repetition)'),
  tolerance: z
    .number()
    .min(0)
    .default(0.2)
    .describe('diverse: how much worse than the best a loss may be, as a part of it'),
});

const model = z
  .strictObject({
    name: z.string().min(1).nullable().default(null).describe('a network of ours: dsptt models lists them'),
    python: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('what builds the network: package.module:function, or file.py with a function defineModel'),
    args: z.record(z.string(), z.unknown()).default({}),
    weights: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('a file of weights that every network starts from: safetensors, or torch.save of a state_dict'),
  })
  .refine(({ name, python }) => (name === null) !== (python === null), {
    error: "state name ('preresnet') or python ('package.module:function' or 'file.py'), one of the two",
  });

/** Everything that a run depends on. Unknown keys are refused; defaults are the paper's or its sources'. */
export const configSchema = z.strictObject({
  preset: z.string().nullable().default(null),
  scale: z
    .enum(PRESET_SCALES)
    .default('full')
    .describe('of the preset: full as in its source, reduced for minutes of a CPU, smoke for a few steps'),
  method: z.string(),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  dataset: part.extend({ dir: z.string().nullable().default(null).describe('folder with the data files') }),
  model,
  loss: z.enum(['crossEntropy', 'meanSquared']).default('crossEntropy'),
  precision: z.enum(['fp32']).default('fp32'),
  batchSize: z
    .union([z.int().min(1), z.literal('full')])
    .default(128)
    .describe('images a step; full: all of them, the full gradient'),
  batchChunks: steps.default(1).describe('parts that a batch is run in, their gradients added up: takes less memory'),
  allowChunkedBn: z.boolean().default(false).describe('also with batch norm: statistics are then those of a part'),
  device: z.string().default('auto').describe('auto, cpu, cuda or cuda:N'),
  threads: z.int().min(0).max(1024).default(0).describe("CPU threads; 0: PyTorch's choice"),
  budget: z
    .union([z.strictObject({ steps }), z.strictObject({ epochs: z.number().gt(0).max(1e6) })])
    .describe('gradient evaluations in all, search included'),
  selectOn: z
    .enum(['validation', 'training'])
    .default('validation')
    .describe('the split by which a tier is chosen to start from; never the test split'),
  localSolver: localSolver.prefault({}),
  dspTt: dspTt.prefault({}),
  randomJump: randomJump.prefault({}),
  independent: independent.prefault({}),
  snapshot: snapshot.prefault({}),
  fge: fge.prefault({}),
  swa: swa.prefault({}),
  horizontal: horizontal.prefault({}),
  csgMcmc: csgMcmc.prefault({}),
  selection: selection.prefault({}),
  pairBarriers: z
    .boolean()
    .default(false)
    .describe('measure the loss barrier between every two members, not only to the parent'),
  barrierPoints: z.int().min(3).max(1001).default(11).describe('points of a segment at which its loss is measured'),
});

/** A resolved configuration: every default filled in. */
export type Config = z.infer<typeof configSchema>;
/** A configuration as a preset, a file or a script states it. */
export type ConfigInput = DeepPartial<z.input<typeof configSchema>>;

type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

/** What a configuration's network is called in tables. */
export function modelName({ model }: Config): string {
  return model.name ?? model.python ?? '';
}

/** The budget in steps. */
export function budgetSteps({ budget }: Config, stepsPerEpoch: number): number {
  return 'steps' in budget ? budget.steps : Math.max(1, Math.round(budget.epochs * stepsPerEpoch));
}
