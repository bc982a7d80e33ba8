import { z } from 'zod';
import { LOSSES } from '../../ensemble/task-kind';
import { origin } from '../../executor/origin';
import { type ArraysOf, LIMITS, operation } from './operation';

/**
 * Version of the protocol. This file defines all requests of TypeScript to the worker, and the answers. A message is a
 * msgpack header followed by one raw little-endian tensor frame for each entry of the header's `tensors`. The Python
 * half, `python/dsptt_worker/protocol/`, documents each operation; a test compares the two halves.
 */
export const PROTOCOL_VERSION = 7;

const name = z.string().min(1).max(LIMITS.nameLength);
const names = z.array(name);
const several = names.min(1).max(LIMITS.points);
const count = z.int().nonnegative();
const positive = z.int().positive();
/** A measured number; infinite or NaN for a diverged network, which JSON could not represent. */
const measured = z.custom<number>((value) => typeof value === 'number', 'expected a number').meta({ type: 'number' });
const kind = z.enum(['point', 'path']);
const split = z.enum(['train', 'validation', 'test']);
const part = z.strictObject({ name, args: z.record(z.string(), z.unknown()) });
/** A network, either by its name in dsptt or by the Python function that builds it. */
const model = part.extend({
  name: name.nullable(),
  python: name.nullable(),
  /** An absolute path. */
  weights: z.string().nullable(),
});
const decay = z.number().min(0).lt(1);
const solver = z.strictObject({
  solver: z.enum(['sgd', 'adam', 'adamw']),
  momentum: decay,
  nesterov: z.boolean(),
  weightDecay: z.number().nonnegative(),
  beta1: decay,
  beta2: decay,
  epsilon: z.number().positive(),
  clipNorm: z.number().positive().nullable().optional(),
});
/** Changes to the loss that training and search descend. */
const trainingLoss = z.strictObject({
  labelSmoothing: z.number().min(0).lt(1),
  classWeights: z.union([z.array(z.number().nonnegative()), z.literal('balanced')]).nullable(),
  /** `package.module:function`, or an absolute path: `file.py` or `file.py:function`. */
  python: name.nullable(),
  args: z.record(z.string(), z.unknown()),
  /** Folder of the module that `python` names, searched after all others. */
  modules: z.string().nullable().optional(),
});
/** Parameter of Beta(alpha, alpha), from which mixup or cutmix draws shares; 0 for none. */
const alpha = z.number().min(0).max(1000);
/** A network in training on the validation split. */
const validationPoint = z.strictObject({ loss: measured, errorPct: z.number().nullable() });
/** The validation split is evaluated after every so many steps of the stream; left out for no points. */
const validateEvery = positive.nullable().optional();
const capture = z.array(count).max(LIMITS.captures);
const members = <T extends z.ZodType>(each: T) => z.array(each).min(1).max(LIMITS.members);

export const WORK = {
  hello: operation({
    request: { protocol: positive },
    result: {
      protocol: positive,
      worker: name,
      versions: z.record(z.string(), z.string()),
      devices: names,
      datasets: names,
      models: names,
      pid: positive,
    },
  }),
  models: operation({
    request: { zoo: name.nullable(), search: z.string().max(200), limit: z.int().min(1).max(1000) },
    result: {
      models: z.array(
        z.strictObject({
          name,
          model,
          parameters10: positive.nullable(),
          parameters100: positive.nullable(),
          error: z.string().nullable(),
        }),
      ),
      matching: count,
    },
  }),
  open: operation({
    request: {
      dataset: part.extend({ name: name.nullable(), dir: z.string().nullable(), python: name.nullable().optional() }),
      model,
      loss: z.enum(LOSSES),
      precision: z.enum(['fp32', 'tf32', 'bf16']),
      batchSize: count,
      batchChunks: positive,
      allowChunkedBn: z.boolean(),
      seed: count,
      device: name,
      threads: count.max(LIMITS.threads),
      compile: z.boolean().optional(),
      channelsLast: z.boolean().optional(),
      graphs: z.enum(['auto', 'off']).optional(),
      data: z.enum(['auto', 'device', 'stream']).optional(),
      membersAtOnce: positive.max(LIMITS.members).optional(),
      membersWay: z.enum(['processes', 'stack']).optional(),
      /** Folder of the modules that `model.python` and `dataset.python` name, searched after all others. */
      modules: z.string().nullable().optional(),
      trainingLoss: trainingLoss.nullable().optional(),
      mixup: alpha.optional(),
      cutmix: alpha.optional(),
    },
    result: {
      parameters: positive,
      stepsPerEpoch: positive,
      samples: z.strictObject({ train: count, validation: count, test: count }),
      classes: z.array(z.string()),
      device: z.string(),
      deviceName: z.string(),
      threads: positive,
      signature: z.string(),
      stateSha256: z.string(),
      ...origin.shape,
      /** About the data and the network, for the user; answers that journals of earlier versions keep have none. */
      notices: z.array(z.string()).default([]),
    },
  }),
  newPoint: operation({ request: { point: name, stream: name } }),
  copyPoint: operation({ request: { point: name, source: name } }),
  placePoint: operation({ request: { point: name, like: name }, takes: { parameters: 'f4' } }),
  averagePoints: operation({ request: { point: name, sources: several }, takes: { weights: 'f8' } }),
  takeAverage: operation({ request: { point: name } }),
  drop: operation({ request: { points: names, paths: names } }),
  savePoint: operation({
    request: { point: name, metadata: z.record(z.string(), z.string()) },
    gives: { file: 'u1' },
  }),
  loadPoint: operation({ request: { point: name }, takes: { file: 'u1' } }),
  saveState: operation({ request: { kind, name }, gives: { state: 'u1' } }),
  loadState: operation({ request: { kind, name }, takes: { state: 'u1' } }),
  newPath: operation({
    request: { path: name, origin: name, stream: name, scale: z.enum(['layer', 'filter', 'gaussian', 'unit']) },
  }),
  pointFromPath: operation({ request: { point: name, path: name, factor: z.number().min(-1e9).max(1e9) } }),
  descend: operation({
    request: {
      point: name,
      stream: name,
      start: count,
      solver,
      capture,
      ema: decay.nullable().optional(),
      validateEvery,
    },
    /** Answers that journals of earlier versions keep have no points, here and of stacks. */
    result: { finite: z.boolean(), validation: z.array(validationPoint).default([]) },
    takes: { lr: 'f8', noise: 'f8' },
    gives: { loss: 'f4', captured: 'f4' },
  }),
  descendStack: operation({
    request: {
      points: members(name),
      streams: members(name),
      starts: members(count),
      solver,
      ema: decay.nullable().optional(),
      validateEvery,
    },
    result: { finite: members(z.boolean()), validation: z.array(z.array(validationPoint)).default([]) },
    takes: { lr: 'f8' },
    gives: { loss: 'f4' },
  }),
  search: operation({
    request: { paths: several, stream: name, start: count, solver, capture, cosines: z.boolean() },
    takes: { path: 'i4', growth: 'f8', rho2: 'f8' },
    gives: { loss: 'f4', norm: 'f4', cosine: 'f8', captured: 'f4' },
  }),
  probe: operation({
    request: { point: name, stream: name, batches: positive.max(LIMITS.steps) },
    /** Answers that journals of earlier versions keep have no deviation. */
    result: { loss: measured, deviation: measured.default(0) },
  }),
  evaluate: operation({
    request: { point: name, split, outputs: z.boolean() },
    result: { loss: measured, errorPct: z.number().nullable() },
    gives: { outputs: 'f4' },
  }),
  targets: operation({ request: { split }, gives: { targets: 'f4' } }),
  rawSamples: operation({
    request: {},
    result: {
      shape: z.array(positive),
      dtype: z.enum(['u1', 'f4', 'f8']),
      white: z.number().nullable(),
      columns: z.array(z.string()),
      target: z.strictObject({ mean: z.number(), std: z.number() }).nullable(),
      /** Answers that journals of earlier versions keep have none. */
      table: z
        .strictObject({
          delimiter: z.string(),
          target: count,
          unused: z.array(count),
          id: z.strictObject({ column: count, name: z.string() }).nullable().default(null),
          gaps: z.boolean().default(false),
          categories: z
            .array(z.strictObject({ column: count, name: z.string(), values: z.array(z.string()) }))
            .default([]),
        })
        .nullable()
        .default(null),
      background: z.enum(['white', 'grey', 'black']).nullable().default(null),
      crop: z.boolean().default(false),
    },
    gives: { mean: 'f8', std: 'f8' },
  }),
  reestimate: operation({ request: { point: name, stream: name } }),
  distances: operation({ request: { points: several }, gives: { distances: 'f8' } }),
  segment: operation({
    request: { source: name, target: name, stream: name, every: positive.optional() },
    takes: { positions: 'f8' },
    gives: { loss: 'f8' },
  }),
  memory: operation({
    request: { watch: z.boolean() },
    result: {
      allocatedBytes: count,
      peakBytes: count,
      dataBytes: count,
      counted: z.enum(['cuda allocator', 'live tensors']),
    },
  }),
} as const;

export const CONTROL = {
  beat: operation({
    request: {},
    result: { steps: count, busy: z.string().nullable(), notices: z.array(z.string()) },
  }),
  cancel: operation({ request: { ids: z.array(positive).max(10_000) } }),
  shutdown: operation({ request: {} }),
} as const;

type Operations = typeof WORK & typeof CONTROL;
export type Op = keyof Operations;

/** Arguments of an operation: its fields, and its tensors as typed arrays (flat, row-major). */
export type Args<O extends Op> = Readonly<z.infer<Operations[O]['request']>> & ArraysOf<Operations[O]['takes']>;
/** Answer of an operation: its fields, and its tensors as typed arrays (flat, row-major). */
export type Answer<O extends Op> = Readonly<z.infer<Operations[O]['result']>> & ArraysOf<Operations[O]['gives']>;
