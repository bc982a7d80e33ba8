/**
 * Changes a network of a model zoo from TypeScript: pytorchcv's ResNet-20 with another head, trained by a few steps of
 * DSP-TT on an excerpt of CIFAR-10. Needs `pip install pytorchcv` in the worker's Python; run with `npx ts-node -T FILE
 * [OUT]`.
 */
import { type ModelFactory, run } from '../../src'; // in a project of your own: from 'dsptt'

const resnet20: ModelFactory = async (python) => {
  const zoo = await python('pytorchcv.model_provider');
  const nn = await python('torch.nn');
  const net = await zoo.call('get_model', ['resnet20_cifar10']);
  const head = await nn.call('Sequential', [
    await nn.call('Dropout', [], { p: 0.2 }),
    await nn.call('Linear', [await net.get('output.in_features'), 10]),
  ]);
  await net.set('output', head);
  return net;
};

async function main(out: string | undefined): Promise<void> {
  const config = { preset: 'cifar10-resnet164', scale: 'smoke', dataset: { name: 'cifar10-sample' } } as const;
  const result = await run(config, { model: resnet20, out });
  console.log(`${result.parameters} parameters, ${result.budget.steps} steps`);
  for (const { name, state, testErrorPct } of result.members) console.log(name, { state, testErrorPct });
}

void main(process.argv[2]);
