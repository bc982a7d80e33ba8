import type { Worker } from '../../src/bridge/workers/worker';
import { ConfigError } from '../../src/errors';
import { executionOf } from '../../src/executor/task-spec';
import { TorchExecutor } from '../../src/executor/torch';
import { DIGITS, failureOf, startWorker, WINE } from '../builders';

const SOLVER = {
  solver: 'sgd',
  momentum: 0.9,
  nesterov: true,
  weightDecay: 0,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
} as const;

describe('how networks are run', () => {
  let worker: Worker;
  beforeAll(async () => {
    ({ worker } = await startWorker());
  });

  it('is asked of the worker only where it differs from what runs always did, so that old journals still fit', () => {
    expect(executionOf(WINE)).toEqual({});
    expect(executionOf({ ...WINE, compile: false, channelsLast: false, graphs: 'auto', data: 'auto' })).toEqual({});
    const asked = { compile: true, channelsLast: true, graphs: 'off', data: 'stream' } as const;
    expect(executionOf({ ...WINE, ...asked })).toEqual(asked);
  });

  it('changes no more than the rounding of what training does, and nothing where data are streamed', async () => {
    const losses = async (changes: object) => {
      const executor = await TorchExecutor.open(worker, { ...DIGITS, ...changes });
      await executor.newPoint('a', 'init');
      const lr = new Float64Array(15).fill(0.05);
      return (await executor.descend({ point: 'a', stream: 'train', start: 0, lr, solver: SOLVER })).loss;
    };
    const plain = await losses({});
    expect(await losses({ data: 'stream', graphs: 'off' })).toEqual(plain);
    for (const changes of [{ precision: 'bf16' }, { channelsLast: true }]) {
      const other = await losses(changes);
      expect(Math.max(...other.map((loss, i) => Math.abs(loss - plain[i])))).toBeLessThan(0.05);
    }
  });

  it('must suit the device', async () => {
    const error = await failureOf(TorchExecutor.open(worker, { ...WINE, precision: 'tf32' }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain("precision 'tf32' is a mode of CUDA devices");
  });
});
