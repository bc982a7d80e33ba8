import { z } from 'zod';
import { LOSSES } from '../ensemble/task-kind';
import { dspTt, localSolver } from './dsp-tt';
import { PRESET_SIZES } from './scale';
import { trainingLoss } from './training-loss';

const alpha = z.number().min(0).max(1000).default(0);
const steps = z.int().min(1).max(1e9);
const dataset = z
  .strictObject({
    name: z.string().min(1).nullable().default(null).describe('a data set of docs/data.md'),
    args: z.record(z.string(), z.unknown()).default({}).describe('what the data set, or what returns it, takes'),
    dir: z.string().nullable().default(null).describe('folder with the data files'),
    python: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('what returns the data: package.module:function, or file.py with a function defineDataset')
      .meta({ since: '0.1.0' }),
  })
  .refine(({ name, python }) => (name === null) !== (python === null), {
    error: "state name ('csv') or python ('package.module:function' or 'file.py'), one of the two",
  });

/** Rule that chooses the result's candidates: `all` as the paper does, or by validation data. */
const selection = z.strictObject({
  rule: z
    .enum(['all', 'best', 'greedy', 'diverse'])
    .default('all')
    .describe('all, as the paper does, or a choice by validation data'),
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

/** Name of a model whose networks a script hands over; the worker uses the same name (`zoo/builder.py`). */
export const HANDED = 'handed';

const model = z
  .strictObject({
    name: z.string().min(1).nullable().default(null).describe('a network of ours: dsptt models lists them'),
    python: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('what builds the network: package.module:function, or file.py with a function defineModel'),
    args: z.record(z.string(), z.unknown()).default({}).describe('what the network, or what builds it, takes'),
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

/**
 * Options that methods share. An added option, in whatever section, states `.meta({ since: VERSION })` and keeps its default
 * for good, so that runs begun before it resume.
 */
export const baseSchema = z.strictObject({
  preset: z.string().nullable().default(null).describe('what the configuration starts from; null: from nothing'),
  scale: z
    .enum(PRESET_SIZES)
    .default('full')
    .describe('of the preset: full as in its source, reduced for minutes of a CPU, smoke for a few steps'),
  method: z.string().describe('how networks are found; by default dsp-tt'),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('of all random streams'),
  dataset: dataset.describe('what the networks learn'),
  model: model.describe('the network: a name of ours, or what builds it'),
  loss: z
    .enum(LOSSES)
    .default('crossEntropy')
    .describe(
      'what training makes small: crossEntropy for classes, binaryCrossEntropy for labels (by itself where dataset.args.labels names them), meanSquared for numbers',
    ),
  trainingLoss: trainingLoss
    .prefault({})
    .describe('what training and search descend instead of the plain loss, which evaluations always report')
    .meta({ since: '0.1.0' }),
  mixup: alpha
    .describe(
      'alpha of mixup: two samples of a training batch, and their losses, by shares of Beta(alpha, alpha). 0: none',
    )
    .meta({ since: '0.1.0' }),
  cutmix: alpha
    .describe('alpha of cutmix: the share of a second image is a box in the first one. With mixup, one of both a batch')
    .meta({ since: '0.1.0' }),
  precision: z
    .enum(['fp32', 'tf32', 'bf16'])
    .default('fp32')
    .describe('bf16: forward pass in bfloat16, weights in float32; tf32: products of CUDA devices, rounded'),
  batchSize: z
    .union([z.int().min(1), z.literal('full')])
    .default(128)
    .describe('images a step; full: all of them, the full gradient'),
  batchChunks: steps.default(1).describe('parts that a batch is run in, their gradients added up: takes less memory'),
  allowChunkedBn: z.boolean().default(false).describe('also with batch norm: statistics are then those of a part'),
  device: z.string().default('auto').describe('auto, cpu, cuda or cuda:N'),
  threads: z.int().min(0).max(1024).default(0).describe("CPU threads; 0: PyTorch's choice"),
  compile: z.boolean().default(false).describe('torch.compile for training and search').meta({ since: '0.1.0' }),
  channelsLast: z
    .boolean()
    .default(false)
    .describe('images with their channels last in memory')
    .meta({ since: '0.1.0' }),
  graphs: z
    .enum(['auto', 'off'])
    .default('auto')
    .describe('on CUDA, steps as CUDA graphs where that is possible')
    .meta({ since: '0.1.0' }),
  data: z
    .enum(['auto', 'device', 'stream'])
    .default('auto')
    .describe('samples on the device, or brought batch by batch; auto: brought if they take over half of what is free')
    .meta({ since: '0.1.0' }),
  membersAtOnce: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('networks that are trained at once where they do not depend on each other')
    .meta({ since: '0.1.0' }),
  membersWay: z
    .enum(['auto', 'processes', 'stack'])
    .default('auto')
    .describe('how: a worker and a core each, one stack of tensors, or what is faster for the network (auto)')
    .meta({ since: '0.1.0' }),
  budget: z
    .union([
      z.strictObject({ steps: steps.describe('mini-batch steps') }),
      z.strictObject({ epochs: z.number().gt(0).max(1e6).describe('passes over the training data') }),
    ])
    .describe('gradient evaluations in all, search included'),
  selectOn: z
    .enum(['validation', 'training'])
    .default('validation')
    .describe('the split by which a tier is chosen to start from; never the test split'),
  validation: z
    .strictObject({
      every: z
        .union([steps, z.enum(['auto', 'never'])])
        .default('auto')
        .describe(
          'steps of a training between two evaluations; auto: so many that they take 2 % of its samples at most',
        ),
    })
    .prefault({})
    .describe('evaluations of the validation split while networks are trained; they change no network')
    .meta({ since: '0.1.0' }),
  localSolver: localSolver.prefault({}).describe('what trains networks: tier 0, members, rivals'),
  dspTt: dspTt.prefault({}).describe('the search of dsp-tt; its tiers and lengths are those of random-jump too'),
  selection: selection.prefault({}).describe('which networks make the result'),
  barriers: z
    .enum(['all', 'parent', 'none'])
    .nullable()
    .default(null)
    .describe('loss barriers to measure: between all networks, to the parent, or none; null: as pairBarriers says')
    .meta({ since: '0.1.0' }),
  pairBarriers: z
    .boolean()
    .default(false)
    .describe('measure the loss barrier between every two members, not only to the parent'),
  barrierPoints: z.int().min(3).max(1001).default(11).describe('points of a segment at which its loss is measured'),
});

/** Configuration of every method, without the sections of single methods. */
export type BaseConfig = z.infer<typeof baseSchema>;
