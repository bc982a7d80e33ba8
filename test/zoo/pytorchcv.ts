/**
 * A script as a user writes it: takes a network of pytorchcv, gives it another head, and trains it for a few steps, in two
 * sessions one after the other. Prints what it saw as JSON, and ends by itself.
 */
import { type ModelFactory, resolveConfig, Session } from '../../src';

const CONFIG = resolveConfig([
  {
    from: 'script',
    values: {
      method: 'single',
      dataset: { name: 'cifar10-sample', args: { train: 40, validation: 20, test: 20 } },
      model: { name: 'handed' },
      batchSize: 8,
      budget: { steps: 4 },
      threads: 1,
      device: 'cpu',
    },
  },
]);

const pids: unknown[] = [];

const resnet20: ModelFactory = async (python) => {
  pids.push(await (await (await python('os')).call('getpid')).value());
  await (await python('builtins')).call('print', ['Python prints this']);
  const zoo = await python('pytorchcv.model_provider');
  const net = await zoo.call('get_model', ['resnet20_cifar10'], { pretrained: false });
  const nn = await python('torch.nn');
  await net.set('output', await nn.call('Linear', [await net.get('output.in_features'), 10], { bias: false }));
  return net;
};

async function train(): Promise<object> {
  const session = await Session.start({ model: resnet20 });
  try {
    const second = await Session.start({ model: resnet20 }).catch((error: Error) => `${error.name}: ${error.message}`);
    const another = { ...CONFIG, model: { ...CONFIG.model, name: 'conv' } };
    const other = await session.open(another).then(String, (error: Error) => error.name);
    const executor = await session.open(CONFIG);
    await executor.newPoint('a', 'init');
    const lr = new Float64Array(4).fill(0.01);
    const { loss } = await executor.descend({ point: 'a', stream: 'data', start: 0, lr, solver: CONFIG.localSolver });
    const { parameters, stateSha256 } = executor.task;
    return { parameters, stateSha256, loss: [...loss], second, other };
  } finally {
    await session.close();
  }
}

async function main(): Promise<void> {
  const sessions = [await train(), await train()];
  console.log(JSON.stringify({ sessions, pids }));
}

void main();
