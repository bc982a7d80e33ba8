import { join } from 'node:path';
import type { ConfigInput } from '../../../src';
import { FITTED } from '../../../src/config/dsp-tt';
import { vgg16Scaled } from '../../../src/config/presets/cifar/vgg16';

const NETWORKS = join(__dirname, 'networks.py');
const own = (name: string) => ({ python: `${NETWORKS}:${name}` });
const table = (folder: string, file: string, args: object = {}) => ({
  name: 'csv',
  dir: folder,
  args: { file, ...args },
});
const DIGITS = { name: 'digits' };
const CIFAR = { name: 'cifar10-sample', args: { side: 16 } };
const MLP = { name: 'mlp', args: { hidden: [32] } };

/**
 * What a user states: data and network. Batches have a size that the data ask for; all else is the default.
 * @param tables folder with winequality-red.csv, wine.csv and cancer.csv, which `tables.py` writes
 * @param mnist folder with MNIST's official files
 */
export function tasks(tables: string, mnist: string): Readonly<Record<string, ConfigInput>> {
  const solver = { localSolver: { lr: 0.05 } };
  return {
    'digits, conv': { dataset: DIGITS, model: { name: 'conv' }, batchSize: 50 },
    'digits, MLP': { dataset: DIGITS, model: MLP, batchSize: 50 },
    'wine (csv), MLP': { dataset: table(tables, 'wine.csv'), model: MLP, batchSize: 16, ...solver },
    'wine quality (csv), MLP': {
      dataset: table(tables, 'winequality-red.csv', { delimiter: ';', target: 'quality', task: 'numbers' }),
      model: MLP,
      loss: 'meanSquared',
      batchSize: 64,
      localSolver: { lr: 0.01 },
    },
    'breast cancer (csv), MLP': { dataset: table(tables, 'cancer.csv'), model: MLP, batchSize: 32, ...solver },
    'MNIST subset, MLP': { dataset: { name: 'mnist', dir: mnist, args: { train: 3000 } }, model: MLP, batchSize: 64 },
    'CIFAR excerpt, ResNet-20': {
      dataset: CIFAR,
      model: { name: 'preresnet', args: { depth: 20, width: 8 } },
      batchSize: 64,
    },
    'CIFAR excerpt, VGG-small': {
      dataset: CIFAR,
      model: { name: 'vgg', ...vgg16Scaled.reduced.model },
      batchSize: 64,
      ...solver,
    },
    'digits, GroupNorm': { dataset: DIGITS, model: own('group_norm'), batchSize: 50 },
    'digits, LayerNorm': { dataset: DIGITS, model: own('layer_norm'), batchSize: 50, ...solver },
    'digits, LSTM on rows': { dataset: DIGITS, model: own('lstm'), batchSize: 50 },
    'digits, dropout': { dataset: DIGITS, model: own('dropout'), batchSize: 50 },
    'digits, frozen layer': { dataset: DIGITS, model: own('frozen'), batchSize: 50 },
  };
}

/** Each preset of a data set that this repository holds as it is tuned, and with a search that sets itself. */
export function presets(): Readonly<Record<string, ConfigInput>> {
  const names = ['digits', 'wine', 'wine-quality'] as const;
  return Object.fromEntries(
    names.flatMap((preset) => [
      [`${preset}, tuned`, { preset }],
      [`${preset}, auto`, { preset, dspTt: FITTED }],
    ]),
  );
}
