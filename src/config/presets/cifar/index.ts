import type { ConfigInput } from '../../schema';
import type { Scaled } from '../scales';
import { densenet100, densenet100Scaled } from './densenet100';
import { resnet164, resnet164Scaled } from './resnet164';
import { vgg16, vgg16Scaled } from './vgg16';

/** The paper's networks on CIFAR-10. */
const CIFAR10 = {
  'cifar10-vgg16': vgg16,
  'cifar10-resnet164': resnet164,
  'cifar10-densenet100': densenet100,
} as const satisfies Record<string, ConfigInput>;

/** The CIFAR-10 recipes on CIFAR-100, where the authors of SWA average ResNet at another rate. */
const CIFAR100 = {
  'cifar100-vgg16': onCifar100(vgg16),
  'cifar100-resnet164': { ...onCifar100(resnet164), swa: { ...resnet164.swa, lrTimes: 0.5 } },
  'cifar100-densenet100': onCifar100(densenet100),
} as const satisfies Record<string, ConfigInput>;

/** The recipes of the paper's table 2, by `DATASET-NETWORK`. */
export const CIFAR_PRESETS = { ...CIFAR10, ...CIFAR100 };

/** Smaller scales of the recipes. */
export const CIFAR_SCALED: Readonly<Record<keyof typeof CIFAR_PRESETS, Scaled>> = {
  'cifar10-vgg16': vgg16Scaled,
  'cifar10-resnet164': resnet164Scaled,
  'cifar10-densenet100': densenet100Scaled,
  'cifar100-vgg16': vgg16Scaled,
  'cifar100-resnet164': resnet164Scaled,
  'cifar100-densenet100': densenet100Scaled,
};

function onCifar100<Recipe extends { readonly dataset: { readonly args: object } }>(recipe: Recipe) {
  return { ...recipe, dataset: { ...recipe.dataset, name: 'cifar100' as const } };
}
