import type { Cifar } from './tables';

/** Networks of the paper, and ResNet-18, which serves as an anchor. */
export type PeerNetwork = 'vgg' | 'resnet' | 'densenet' | 'resnet18';
/** Methods by which the peers trained: a number stands beside the rows of its method. */
export type PeerMethod = 'single' | 'fge' | 'swa' | 'independent' | 'csg-mcmc';

/** Test error that the authors of a method print for one of the networks. */
export interface PeerNumber {
  readonly network: PeerNetwork;
  readonly method: PeerMethod;
  /** Key of the source; every number was read there. */
  readonly source: keyof typeof SOURCES;
  /** Budgets spent, and the epochs of one budget. */
  readonly budgets: number;
  readonly epochs: number;
  /** Number of networks in the ensemble; null if the source does not say. */
  readonly models: number | null;
  readonly errorPct: Cifar;
  /** The number that the source prints after ±. */
  readonly spread: Cifar;
}

/** Sources of the numbers. The first two print accuracies; errors here are 100 minus these. */
export const SOURCES = {
  fge: 'Garipov et al. 2018, README of timgaripov/dnn-mode-connectivity: standard augmentation, test set, cycles of 2 epochs from epoch 160 on',
  swa: 'Izmailov et al. 2018, README of timgaripov/swa: standard augmentation, one network',
  csgmcmc: 'Zhang et al. 2020, README of ruqizhang/csgmcmc: ResNet-18, cSGHMC, 12 samples of 4 cycles',
  densenet: 'Huang et al. 2017b, README of liuzhuang13/DenseNet: DenseNet-BC (L = 100, k = 12), standard augmentation',
  densenetPlain: 'the same without augmentation, with dropout of 0.2',
} as const;

const NONE: Cifar = { cifar10: null, cifar100: null };

/** Errors that the peers' authors publish for the networks of the paper. */
export const PEERS: readonly PeerNumber[] = [
  ...fge('vgg', 'single', [27.5, 25.2, 24.4], 0.1),
  ...fge('vgg', 'fge', [25.4, 23.9, 23.4], 0.1),
  ...fge('resnet', 'single', [21.6, 19.5, 18.4], 0.1),
  ...fge('resnet', 'fge', [19.7, 18.7, 18.3], 0.2),
  swa('vgg', 'single', 1, 200, both(6.75, 27.45), both(0.16, 0.1)),
  swa('vgg', 'swa', 1, 200, both(6.41, 26.09), both(0.16, 0.12)),
  swa('vgg', 'swa', 1.5, 200, both(6.36, 25.73), both(0.18, 0.25)),
  swa('resnet', 'single', 1, 150, both(4.72, 21.51), both(0.1, 0.36)),
  swa('resnet', 'swa', 1, 150, both(4.44, 20.23), both(0.11, 0.17)),
  swa('resnet', 'swa', 1.5, 150, both(4.17, 19.65), both(0.03, 0.16)),
  {
    network: 'resnet18',
    method: 'csg-mcmc',
    source: 'csgmcmc',
    budgets: 1,
    epochs: 200,
    models: 12,
    errorPct: both(4.27, 20.5),
    spread: both(0.03, 0.11),
  },
  dense('densenet', both(4.51, 22.27)),
  dense('densenetPlain', both(5.92, 24.15)),
];

/** Returns the peers' numbers beside a row of a table: of its network and method, with at most that many budgets. */
export function peersOf(network: string, method: PeerMethod, budgets: number): PeerNumber[] {
  return PEERS.filter((peer) => peer.network === network && peer.method === method && peer.budgets <= budgets);
}

function both(cifar10: number, cifar100: number): Cifar {
  return { cifar10, cifar100 };
}

/**
 * Builds the entries of errors on CIFAR-100 at 1, 2 and 3 budgets; single networks at more than one budget are an
 * ensemble of them.
 */
function fge(network: PeerNetwork, method: 'single' | 'fge', errors: readonly number[], spread: number): PeerNumber[] {
  return errors.map((cifar100, k) => ({
    network,
    method: method === 'single' && k > 0 ? 'independent' : method,
    source: 'fge',
    budgets: k + 1,
    epochs: 200,
    models: method === 'single' ? k + 1 : k === 0 ? 20 : null,
    errorPct: { cifar10: null, cifar100 },
    spread: k === 0 ? { cifar10: null, cifar100: spread } : NONE,
  }));
}

function swa(
  network: PeerNetwork,
  method: 'single' | 'swa',
  budgets: number,
  epochs: number,
  errorPct: Cifar,
  spread: Cifar,
): PeerNumber {
  return { network, method, source: 'swa', budgets, epochs, models: 1, errorPct, spread };
}

function dense(source: 'densenet' | 'densenetPlain', errorPct: Cifar): PeerNumber {
  return { network: 'densenet', method: 'single', source, budgets: 1, epochs: 300, models: 1, errorPct, spread: NONE };
}
