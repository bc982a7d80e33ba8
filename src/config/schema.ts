import { z } from 'zod';
import { SCALES } from '../executor/executor';
import { SCHEDULES } from '../schedules';

const steps = z.int().min(1).max(1e9);
const share = z.number().gt(0).lt(1);
const rate = z.number().gt(0);
const part = z.strictObject({ name: z.string().min(1), args: z.record(z.string(), z.unknown()).default({}) });

/** SGD as `torch.optim.SGD` defines it, with a schedule by name. Defaults: Garipov et al. (2018) for ResNet. */
const localSolver = z.strictObject({
  lr: rate.default(0.1).describe('learning rate at the start, lr0'),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(false),
  weightDecay: z.number().min(0).default(3e-4),
  schedule: z.enum(Object.keys(SCHEDULES) as [keyof typeof SCHEDULES]).default('garipov'),
});

const dspTt = z.strictObject({
  paths: z.int().min(1).max(100).default(5).describe('search paths of the tier'),
  tierShare: share.default(0.25).describe("the tier's part of the budget (the paper: 50 of 200 epochs)"),
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

/** Everything that a run depends on. Unknown keys are refused; defaults are the paper's or its sources'. */
export const configSchema = z.strictObject({
  preset: z.string().nullable().default(null),
  method: z.string(),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  dataset: part.extend({ dir: z.string().nullable().default(null).describe('folder with the data files') }),
  model: part,
  loss: z.enum(['crossEntropy']).default('crossEntropy'),
  precision: z.enum(['fp32']).default('fp32'),
  batchSize: z.int().min(1).default(128),
  device: z.string().default('auto').describe('auto, cpu, cuda or cuda:N'),
  threads: z.int().min(0).max(1024).default(0).describe("CPU threads; 0: PyTorch's choice"),
  budget: z
    .union([z.strictObject({ steps }), z.strictObject({ epochs: z.number().gt(0).max(1e6) })])
    .describe('gradient evaluations in all, search included'),
  selectOn: z.enum(['validation']).default('validation').describe('the split that selects; never the test split'),
  localSolver: localSolver.prefault({}),
  dspTt: dspTt.prefault({}),
  randomJump: randomJump.prefault({}),
  independent: independent.prefault({}),
  snapshot: snapshot.prefault({}),
  fge: fge.prefault({}),
  barrierPoints: z.int().min(3).max(1001).default(11).describe('points of a segment at which its loss is measured'),
});

/** A resolved configuration: every default filled in. */
export type Config = z.infer<typeof configSchema>;
/** A configuration as a preset, a file or a script states it. */
export type ConfigInput = DeepPartial<z.input<typeof configSchema>>;

type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

/** The budget in steps. */
export function budgetSteps({ budget }: Config, stepsPerEpoch: number): number {
  return 'steps' in budget ? budget.steps : Math.max(1, Math.round(budget.epochs * stepsPerEpoch));
}
