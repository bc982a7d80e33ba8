import { analyticSchema } from '../../config/closed-form';
import { type Option, optionsOf } from '../../config/option-tree';
import { PRESETS } from '../../config/presets';
import { ANALYTIC_PRESETS } from '../../config/presets/closed-form';
import { configSchema } from '../../config/schema';
import { METHODS } from '../../methods';

/**
 * Names that a command line and a configuration may use. A test compares those that the worker knows with the worker's
 * own.
 */
export const CHOICES = {
  preset: [...Object.keys(PRESETS), ...Object.keys(ANALYTIC_PRESETS)],
  method: Object.keys(METHODS),
  dataset: [
    'digits',
    'mnist',
    'wine',
    'winequality',
    'fashion-mnist',
    'cifar10',
    'cifar100',
    'cifar10-sample',
    'csv',
    'images',
  ],
  model: ['conv', 'mlp', 'densenet', 'preresnet', 'vgg'],
  zoo: ['pytorchcv', 'timm', 'torchvision'],
} as const;

/** Returns all settings that `--set` takes, of networks and of closed-form objectives. */
export function allSettings(): Option[] {
  return [configSchema, analyticSchema].flatMap(optionsOf).filter(({ values }) => values !== undefined);
}
