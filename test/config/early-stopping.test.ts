import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';

const STOPPING: ConfigInput = { preset: 'wine', localSolver: { earlyStopping: { patience: 3 } } };
const resolved = (values: ConfigInput) =>
  resolveConfig([STOPPING, values].map((layer) => ({ from: 'test', values: layer })));

describe('early stopping in a configuration', () => {
  it.each(['single', 'dsp-tt', 'random-jump', 'independent'] as const)('is for trainings of %s', (method) => {
    expect(resolved({ method }).localSolver.earlyStopping).toEqual({ patience: 3, minDelta: 0 });
  });

  it.each(['snapshot', 'swa', 'fge', 'horizontal', 'csg-mcmc'] as const)('is refused by %s', (method) => {
    expect(() => resolved({ method })).toThrow(`method '${method}' takes its networks at fixed steps of a training`);
  });

  it('is refused with averaged members or weights, and without validation points', () => {
    expect(() => resolved({ dspTt: { averageMembers: true } })).toThrow('dspTt.averageMembers averages the last steps');
    const averaged = { earlyStopping: { patience: 3 }, ema: 0.9 };
    expect(() => resolved({ localSolver: averaged })).toThrow('localSolver.ema their running average: state one');
    expect(() => resolved({ validation: { every: 'never' } })).toThrow('but validation.every is never');
  });
});
