import { encode } from '@msgpack/msgpack';
import { encodeRequest } from '../../src/bridge/wire/codec';
import { DTYPES, type TypedArray } from '../../src/bridge/wire/operation';
import { type Args, type Op, PROTOCOL_VERSION } from '../../src/bridge/wire/protocol';
import type { Frames } from './hostile';

/** Good messages of every operation, to be damaged. */

const solver = {
  solver: 'sgd',
  momentum: 0.9,
  nesterov: false,
  weightDecay: 1e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
} as const;

/** The fastest task that the worker has. */
export const OPEN: Args<'open'> = {
  dataset: { name: 'wine', args: {}, dir: null },
  model: { name: 'mlp', args: { hidden: [16] }, python: null, weights: null },
  loss: 'crossEntropy',
  precision: 'fp32',
  batchSize: 30,
  batchChunks: 1,
  allowChunkedBn: false,
  seed: 0,
  device: 'cpu',
  threads: 1,
};

/** Returns a training program of `steps` steps on a point. */
export function descent(point: string, steps: number): Args<'descend'> {
  const schedules = { lr: new Float64Array(steps).fill(0.01), noise: new Float64Array(0) };
  return { point, stream: 'data', start: 0, solver, capture: [], ...schedules };
}

const ARGS: { readonly [O in Op]: Args<O> } = {
  hello: { protocol: PROTOCOL_VERSION },
  models: { zoo: null, search: 'mlp', limit: 1 },
  open: OPEN,
  newPoint: { point: 'b', stream: 'init' },
  copyPoint: { point: 'c', source: 'a' },
  placePoint: { point: 'd', like: 'a', parameters: new Float32Array(275).fill(0.1) },
  averagePoints: { point: 'e', sources: ['a', 'a'], weights: Float64Array.of(0.5, 0.5) },
  takeAverage: { point: 'a' },
  drop: { points: ['b'], paths: ['p'] },
  savePoint: { point: 'a', metadata: { role: 'member' } },
  loadPoint: { point: 'f', file: new Uint8Array(64).fill(7) },
  saveState: { kind: 'point', name: 'a' },
  loadState: { kind: 'point', name: 'g', state: new Uint8Array(64).fill(7) },
  newPath: { path: 'p', origin: 'a', stream: 'v', scale: 'layer' },
  pointFromPath: { point: 'h', path: 'p', factor: 0.5 },
  descend: { ...descent('a', 3), capture: [1] },
  descendStack: {
    points: ['a', 'b'],
    streams: ['data', 'more'],
    starts: [0, 3],
    solver,
    lr: new Float64Array(6).fill(0.1),
  },
  search: {
    ...{ paths: ['p'], stream: 'search', start: 0, solver, capture: [], cosines: true },
    ...{ path: Int32Array.of(0, 0), growth: Float64Array.of(1, 1.1), rho2: Float64Array.of(0.1, 0.1) },
  },
  probe: { point: 'a', stream: 's', batches: 2 },
  evaluate: { point: 'a', split: 'test', outputs: true },
  targets: { split: 'test' },
  rawSamples: {},
  reestimate: { point: 'a', stream: 's' },
  distances: { points: ['a', 'a'] },
  segment: { source: 'a', target: 'a', stream: 's', positions: Float64Array.of(0, 0.5, 1) },
  memory: { watch: false },
  beat: {},
  cancel: { ids: [1, 2] },
  shutdown: {},
};

const ANSWERS: Readonly<Record<Op, object>> = {
  hello: {
    ...{ protocol: PROTOCOL_VERSION, worker: 'worker', versions: { torch: '2.13.0' }, devices: ['cpu'] },
    ...{ datasets: ['wine', 'digits'], models: ['mlp'], pid: 17 },
  },
  models: {
    models: [{ name: 'mlp', model: OPEN.model, parameters10: 100, parameters100: null, error: null }],
    matching: 1,
  },
  open: {
    ...{ parameters: 275, stepsPerEpoch: 3, samples: { train: 90, validation: 44, test: 44 }, classes: ['a', 'b'] },
    ...{ device: 'cpu', deviceName: 'CPU', threads: 1, signature: 'f'.repeat(64), stateSha256: '0'.repeat(64) },
  },
  newPoint: {},
  copyPoint: {},
  placePoint: {},
  averagePoints: {},
  takeAverage: {},
  drop: {},
  savePoint: { file: Uint8Array.of(1, 2, 3) },
  loadPoint: {},
  saveState: { state: Uint8Array.of(1, 2, 3) },
  loadState: {},
  newPath: {},
  pointFromPath: {},
  descend: { finite: true, loss: Float32Array.of(1, 0.5), captured: new Float32Array(4) },
  descendStack: { finite: [true, false], loss: Float32Array.of(1, 0.5, 2, 0.25) },
  search: {
    ...{ loss: Float32Array.of(1, 2), norm: Float32Array.of(3, 4) },
    ...{ cosine: Float64Array.of(0.99), captured: new Float32Array(0) },
  },
  probe: { loss: 1.25 },
  evaluate: { loss: 0.5, errorPct: 2, outputs: Float32Array.of(0.25, 0.75) },
  targets: { targets: Float32Array.of(0, 1, 1) },
  rawSamples: {
    ...{ shape: [13], dtype: 'f4', white: null, columns: [], target: { mean: 5.6, std: 0.8 }, table: null },
    ...{ mean: Float64Array.of(13), std: Float64Array.of(0.8) },
  },
  reestimate: {},
  distances: { distances: Float64Array.of(0, 1, 1, 0) },
  segment: { loss: Float64Array.of(1, 2, 3) },
  memory: { allocatedBytes: 10, peakBytes: 20, dataBytes: 5, counted: 'live tensors' },
  beat: { steps: 12, busy: null, notices: [] },
  cancel: {},
  shutdown: {},
};

export const OPS = Object.keys(ARGS).filter((op): op is Op => op in ANSWERS);

/** Returns a good request, as a client sends it. */
export function request(op: Op, id = 1, sender = 'client'): Frames {
  return encodeRequest(id, sender, op, ARGS[op]);
}

/** Returns a good answer, as a worker sends it. */
export function reply(op: Op, id = 1, sender = 'worker'): Frames {
  return encodeAnswer(id, sender, ANSWERS[op]);
}

/** Returns the frames of an answer, for fake workers. */
export function encodeAnswer(id: number, sender: string, answer: object): Frames {
  const result: Record<string, unknown> = {};
  const tensors: { name: string; dtype: string; shape: number[] }[] = [];
  const frames: Uint8Array[] = [];
  for (const [name, value] of Object.entries(answer)) {
    const dtype = Object.entries(DTYPES).find(([, array]) => value instanceof array)?.[0];
    if (dtype === undefined) result[name] = value;
    else {
      const array: TypedArray = value;
      tensors.push({ name, dtype, shape: [array.length] });
      frames.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    }
  }
  return [encode({ status: 'ok', id, sender, result, tensors }), ...frames];
}

/** Returns the frames of an error. */
export function encodeFailure(id: number, sender: string, code = 'data', traceback: string | null = null): Frames {
  return [encode({ status: 'error', id, sender, error: { code, message: 'no file', traceback } })];
}

export const REQUESTS: readonly Frames[] = OPS.map((op) => request(op));
export const REPLIES: readonly { readonly op: Op; readonly frames: Frames }[] = OPS.map((op) => ({
  op,
  frames: reply(op),
}));
