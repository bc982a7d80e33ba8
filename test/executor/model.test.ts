import fs from 'node:fs';
import path from 'node:path';
import type { Worker } from '../../src/bridge/workers/worker';
import { ConfigError, DataError } from '../../src/errors';
import type { ModelSpec } from '../../src/executor/task-spec';
import { TorchExecutor } from '../../src/executor/torch';
import { failureOf, startWorker, temporaryDirectory, WINE } from '../builders';

const FILE = `
from torch import nn
def defineModel(inputs, outputs, *, hidden=4):
    if hidden < 1:
        raise ValueError('hidden is too small')
    return nn.Sequential(nn.Linear(inputs[0], hidden), nn.Linear(hidden, outputs))
def plain(outputs):
    return nn.Linear(13, outputs)
`;

describe('a network from a Python function', () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'own.py');
  const relative = path.relative(process.cwd(), file);
  let worker: Worker;
  const open = (model: Omit<ModelSpec, 'name' | 'args'>, args: Record<string, unknown> = {}) =>
    TorchExecutor.open(worker, { ...WINE, model: { name: null, args, ...model } });

  beforeAll(async () => {
    fs.writeFileSync(file, FILE);
    worker = (await startWorker()).worker;
  });
  afterAll(() => worker.close());

  it('is found by a path that is relative to the directory of Node, with or without a function', async () => {
    expect((await open({ python: relative }, { hidden: 5 })).task.parameters).toBe(13 * 5 + 5 + 5 * 3 + 3);
    expect((await open({ python: `${relative}:plain` })).task.parameters).toBe(13 * 3 + 3);
  });

  it('is identified by a hash of its first state, which is the same for the same seed alone', async () => {
    const [first, again, other] = [0, 0, 1].map((seed) =>
      TorchExecutor.open(worker, { ...WINE, seed, model: { name: null, args: {}, python: relative } }),
    );
    const hashes = (await Promise.all([first, again, other])).map(({ task }) => task.stateSha256);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('starts from the weights of a file that is relative to the directory of Node', async () => {
    const executor = await open({ python: relative });
    await executor.newPoint('a', 'init/a');
    const weights = path.join(directory, 'own.safetensors');
    fs.writeFileSync(weights, await executor.savePoint('a', {}));
    const second = await open({ python: relative, weights: path.relative(process.cwd(), weights) });
    await second.newPoint('b', 'init/b');
    expect(await second.savePoint('b', {})).toEqual(new Uint8Array(fs.readFileSync(weights)));
  });

  it('ends with a ConfigError and the Python traceback where the function raises', async () => {
    const error = await failureOf(open({ python: relative }, { hidden: 0 }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      message: `model ${fs.realpathSync(directory)}/own.py:defineModel raised ValueError: hidden is too small`,
      traceback: expect.stringMatching(/File ".*own\.py", line 5, in defineModel/),
    });
  });

  it('ends with a ConfigError where a package is missing, and a DataError where weights are', async () => {
    const missing = await failureOf(open({ python: 'no_such_zoo:net' }));
    expect(missing).toBeInstanceOf(ConfigError);
    expect(missing.message).toMatch(/no package 'no_such_zoo' in .*: install it there/);
    const weights = await failureOf(open({ python: relative, weights: 'nowhere.safetensors' }));
    expect(weights).toBeInstanceOf(DataError);
    expect(weights.message).toBe(`the weights ${path.resolve('nowhere.safetensors')} do not exist`);
  });
});
