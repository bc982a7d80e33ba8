import type { Args } from '../../src/bridge/wire/protocol';
import type { Solver } from '../../src/trust-tech/space';
import { WINE } from '../builders';

/** The request to open the quickest task there is. */
export const OPEN_WINE: Args<'open'> = {
  ...WINE,
  model: { ...WINE.model, python: null, weights: null },
  batchSize: 30,
};

export const SGD: Solver = {
  solver: 'sgd',
  momentum: 0.9,
  nesterov: false,
  weightDecay: 1e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};

/** A training program of so many steps on a point, as a request. */
export function descent(point: string, steps: number, start = 0): Args<'descend'> {
  const schedules = { lr: new Float64Array(steps).fill(0.01), noise: new Float64Array(0) };
  return { point, stream: 'data', start, solver: SGD, capture: [], ...schedules };
}
