import type { Worker } from '../../src/bridge/workers/worker';
import { ConfigError } from '../../src/errors';
import type { TaskSpec } from '../../src/executor/task-spec';
import { TorchExecutor } from '../../src/executor/torch';
import { SGD } from '../bridge/requests';
import { DIGITS, failureOf, startWorker, WINE } from '../builders';

describe('batches in chunks', () => {
  let worker: Worker;
  beforeAll(async () => {
    ({ worker } = await startWorker());
  });

  const lossesOf = async (spec: TaskSpec) => {
    const executor = await TorchExecutor.open(worker, spec);
    await executor.newPoint('a', 'init');
    const program = { point: 'a', stream: 'data', start: 0, lr: new Float64Array(20).fill(0.1), solver: SGD };
    return (await executor.descend(program)).loss;
  };

  it('give the losses of whole batches but for rounding', async () => {
    const whole = await lossesOf(WINE);
    const cut = await lossesOf({ ...WINE, batchChunks: 4 });
    expect(cut).not.toEqual(whole);
    for (const [step, loss] of cut.entries()) expect(Math.abs(loss / whole[step] - 1)).toBeLessThan(1e-5);
  });

  it('are refused with batch norm, whose statistics would be those of a chunk, unless that is accepted', async () => {
    const error = await failureOf(lossesOf({ ...DIGITS, batchChunks: 2 }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(
      /BatchNorm2d.*statistics of a chunk, which are not the batch's.*--set allowChunkedBn=true$/,
    );
    expect(await lossesOf({ ...DIGITS, batchChunks: 2, allowChunkedBn: true })).toHaveLength(20);
  });

  it('are no more than a batch has samples', async () => {
    const error = await failureOf(lossesOf({ ...WINE, batchChunks: 31 }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain('batchChunks must be at most the 30 samples of a batch, got 31');
  });
});
