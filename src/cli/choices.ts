import { PRESETS } from '../config/presets';
import { ANALYTIC_PRESETS } from '../config/presets/analytic';
import { METHODS } from '../methods';

/** What can be named on a command line and in a configuration, for those who complete them; a test asks the worker for its part. */
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
} as const;
