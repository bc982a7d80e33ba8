import { ConfigError } from '../errors';
import type { Config } from './schema';

/**
 * The way that `auto` means, by the kind of network: where a step is mostly overhead, one stack of tensors saves it for all
 * members but one; convolutions are slower in a stack (docs/results/bench.md).
 */
const WAYS: Readonly<Record<string, 'processes' | 'stack'>> = { mlp: 'stack' };

/**
 * Decides once how members are trained at the same time: a resumed run takes the choice from its directory.
 * @throws ConfigError for what does not fit
 */
export function resolveMembers(config: Config): Config {
  const { membersAtOnce } = config;
  if (membersAtOnce === 1) return config;
  const membersWay = config.membersWay === 'auto' ? wayOf(config) : config.membersWay;
  if (membersWay === 'processes') return { ...config, membersWay, threads: threadsOf(config) };
  if (config.batchChunks > 1) {
    throw new ConfigError(
      `membersWay 'stack' trains ${membersAtOnce} networks on whole batches: batchChunks must be 1, got ${config.batchChunks}; take membersWay 'processes'`,
    );
  }
  return { ...config, membersWay };
}

/** Number of workers that compute a run's steps at the same time. */
export function lanesOf({ membersAtOnce, membersWay }: Config): number {
  return membersWay === 'stack' ? 1 : membersAtOnce;
}

function wayOf({ model, batchChunks }: Config): 'processes' | 'stack' {
  return batchChunks > 1 || model.name === null ? 'processes' : (WAYS[model.name] ?? 'processes');
}

/** @throws ConfigError when a worker would have more threads than one */
function threadsOf({ membersAtOnce, threads }: Config): number {
  if (threads <= 1) return 1;
  throw new ConfigError(
    `membersWay 'processes' has a worker of one thread for each of ${membersAtOnce} networks, so that numbers are those of a run with one thread: threads must be 1 (or 0), got ${threads}`,
  );
}
