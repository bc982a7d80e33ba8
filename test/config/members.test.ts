import { configDifference } from '../../src/config/difference';
import { lanesOf } from '../../src/config/members';
import { resolveConfig } from '../../src/config/resolve';
import type { Config, ConfigInput } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';
import { mustBeMultipliable } from '../../src/run/session/worker-choice';

const conv = (values: ConfigInput): Config =>
  resolveConfig([{ from: 'test', values: { preset: 'digits', ...values } }]);
const mlp = (values: ConfigInput): Config => resolveConfig([{ from: 'test', values: { preset: 'wine', ...values } }]);

describe('members at once', () => {
  it('are one by default, and nothing is chosen then', () => {
    expect(conv({})).toMatchObject({ membersAtOnce: 1, membersWay: 'auto' });
    expect(lanesOf(conv({}))).toBe(1);
  });

  it('are processes for convolutions and one stack for a perceptron, where auto is to choose', () => {
    expect(conv({ membersAtOnce: 2 })).toMatchObject({ membersAtOnce: 2, membersWay: 'processes' });
    expect(mlp({ membersAtOnce: 2 })).toMatchObject({ membersAtOnce: 2, membersWay: 'stack' });
  });

  it('are processes for a perceptron whose batches come in chunks', () => {
    expect(mlp({ membersAtOnce: 2, batchChunks: 3 })).toMatchObject({ membersWay: 'processes' });
  });

  it('are what was asked for, where it was said', () => {
    expect(mlp({ membersAtOnce: 2, membersWay: 'processes' })).toMatchObject({ membersWay: 'processes' });
    expect(conv({ membersAtOnce: 3, membersWay: 'stack' })).toMatchObject({ membersWay: 'stack' });
  });

  it('have a lane each as processes, and one together as a stack', () => {
    expect(lanesOf(conv({ membersAtOnce: 3 }))).toBe(3);
    expect(lanesOf(mlp({ membersAtOnce: 3 }))).toBe(1);
  });

  it('have one thread each as processes, and any number as a stack', () => {
    expect(conv({ membersAtOnce: 2, threads: 0 }).threads).toBe(1);
    expect(mlp({ membersAtOnce: 2, threads: 2 }).threads).toBe(2);
  });

  it.each<[string, () => unknown, string]>([
    ['none', () => conv({ membersAtOnce: 0 }), 'membersAtOnce must be >= 1, got 0 (test)'],
    ['more than there can be', () => conv({ membersAtOnce: 65 }), 'membersAtOnce must be <= 64, got 65 (test)'],
    ['processes of several threads', () => conv({ membersAtOnce: 2, threads: 2 }), 'threads must be 1 (or 0), got 2'],
    [
      'a stack of batches in chunks',
      () => mlp({ membersAtOnce: 2, membersWay: 'stack', batchChunks: 2 }),
      'batchChunks must be 1, got 2',
    ],
  ])('are refused: %s', (_, refused, message) => {
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(message);
  });

  it('are refused where a worker cannot be multiplied', () => {
    const remote = { address: 'tcp://elsewhere:5555', keys: '/keys' };
    expect(() => mustBeMultipliable({ worker: remote }, 2, 'cpu')).toThrow(
      'a remote worker is one process, and cannot be made 2 of',
    );
    expect(() => mustBeMultipliable({ model: () => Promise.reject(new Error('is not asked')) }, 3, 'cpu')).toThrow(
      "a model factory's network lives in one Python",
    );
    expect(() => mustBeMultipliable({}, 2, 'cpu')).not.toThrow();
  });

  it('are processes on CUDA only where each has a GPU of its own', () => {
    expect(conv({ membersAtOnce: 2, device: 'cuda:0' })).toMatchObject({ membersWay: 'processes', threads: 1 });
    expect(() => mustBeMultipliable({}, 2, 'cuda:1')).toThrow("2 workers on one 'cuda:1' would wait for each other");
    expect(() => mustBeMultipliable({ on: 'gpus' }, 2, 'cuda:0')).not.toThrow();
  });

  it('make another run of a configuration, unless they are one', () => {
    const [one, two] = [conv({ threads: 1 }), conv({ membersAtOnce: 2 })];
    expect(configDifference(one, two)).toBe('membersAtOnce is 1 there, 2 is wanted');
    expect(configDifference(conv({}), conv({ membersAtOnce: 1 }))).toBeNull();
  });
});
