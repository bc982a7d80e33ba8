import { resolveConfig } from '../../../src/config/resolve';
import type { Config, ConfigInput } from '../../../src/config/schema';
import type { Session } from '../../../src/run/session/session';

/** Measured networks: each small enough for a pair to take seconds of one core. */
export type Network = keyof typeof NETWORKS;

/** Whole images, fifteen batches of 128 of them. */
const WHOLE = { name: 'cifar10-sample', args: { train: 1920, validation: 80, test: 500 } };
const SAMPLE = { name: 'cifar10-sample', args: { train: 1500, validation: 500, test: 500, side: 16 } };

export const NETWORKS = {
  digits: { shows: 'digits, conv, batch 50', values: { preset: 'digits', dataset: { args: { shift: 1 } } } },
  resnet20: {
    shows: 'ResNet-20, 16x16 images of CIFAR-10, batch 64',
    values: {
      preset: 'cifar10-resnet164',
      scale: 'reduced',
      dataset: SAMPLE,
      model: { args: { depth: 20, width: 16 } },
    },
  },
  vgg: {
    shows: 'VGG-small (6 convolutions, no dropout), 16x16 images of CIFAR-10, batch 64',
    values: { preset: 'cifar10-vgg16', scale: 'reduced', dataset: SAMPLE, model: { args: { dropout: 0 } } },
  },
  resnet164: {
    shows: 'ResNet-164 in bf16, images of CIFAR-10, batch 128',
    values: { preset: 'cifar10-resnet164', ...onCuda('bf16') },
  },
  resnet164Tf32: {
    shows: 'ResNet-164 in TF32, images of CIFAR-10, batch 128',
    values: { preset: 'cifar10-resnet164', ...onCuda('tf32') },
  },
  vgg16: {
    shows: 'VGG-16 in TF32, images of CIFAR-10, batch 128',
    values: { preset: 'cifar10-vgg16', ...onCuda('tf32') },
  },
} as const satisfies Record<string, { shows: string; values: ConfigInput }>;

/**
 * Returns settings of the paper's networks on a CUDA device, where a small one would only show the cost of starting
 * kernels.
 */
function onCuda(precision: 'bf16' | 'tf32') {
  return { dataset: WHOLE, selectOn: 'validation', precision, channelsLast: true } as const;
}

/** Settings of a whole run of DSP-TT on digits in a quick trial: a quarter of the steps, at a pace that fits them. */
export const SHORT_RUN = {
  budget: { steps: 400 },
  dspTt: { rho1: { increment: 0.05 } },
} as const satisfies ConfigInput;

/** Returns a network's configuration, on one thread. */
export function configOf(network: Network, device: string, values: ConfigInput = {}): Config {
  const layers = [NETWORKS[network].values, { method: 'dsp-tt', device, threads: 1 }, values];
  return resolveConfig(layers.map((layer) => ({ from: network, values: layer })));
}

/** Names of the five paths of a search. */
export const PATHS = ['a', 'b', 'c', 'd', 'e'];

export async function openWithPaths(session: Session, config: Config) {
  const executor = await session.open(config);
  await executor.newPoint('origin', 'init');
  for (const path of PATHS) await executor.newPath(path, 'origin', path, 'layer');
  await executor.copyPoint('moving', 'origin');
  return executor;
}

/** Returns a constant rate for `steps` steps; low, so that the network stays finite after hundreds of programs. */
export function rates(steps: number): Float64Array {
  return new Float64Array(steps).fill(1e-3);
}

/**
 * Returns search steps that take the paths in turn and leave them near where they are, so that all pairs do the same
 * work.
 */
export function searchSteps(steps: number) {
  return {
    path: Int32Array.from({ length: steps }, (_, i) => i % PATHS.length),
    growth: new Float64Array(steps).fill(1.0001),
    rho2: new Float64Array(steps).fill(1e-5),
  };
}
