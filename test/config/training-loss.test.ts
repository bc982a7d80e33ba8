import { configDifference, withoutPlace } from '../../src/config/difference';
import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';
import { changesOf } from '../../src/executor/task-spec';

const resolved = (trainingLoss: ConfigInput['trainingLoss'], preset = 'wine') =>
  resolveConfig([{ from: 'test', values: { preset, ...(trainingLoss && { trainingLoss }) } }]);

describe('the training loss of a configuration', () => {
  it('is the plain one by default: nothing of it is sent, and the run is that of an earlier version', () => {
    const config = resolved(undefined);
    expect(changesOf(config.trainingLoss)).toEqual({});
    expect(changesOf()).toEqual({});
    expect(withoutPlace(config)).not.toHaveProperty('trainingLoss');
  });

  it('is sent where it differs, and makes another run', () => {
    const changes = { labelSmoothing: 0.1, classWeights: [1, 2, 1] };
    expect(changesOf(resolved(changes).trainingLoss)).toEqual({ trainingLoss: changes });
    expect(configDifference(resolved(undefined), resolved({ classWeights: 'balanced' }))).toBe(
      'trainingLoss.classWeights is null there, "balanced" is wanted',
    );
  });

  it.each<[ConfigInput['trainingLoss'], RegExp]>([
    [{ labelSmoothing: 1 }, /^trainingLoss\.labelSmoothing must be < 1, got 1/],
    [{ labelSmoothing: -0.1 }, /^trainingLoss\.labelSmoothing must be >= 0, got -0\.1/],
    [{ classWeights: [1, -1, 1] }, /^trainingLoss\.classWeights\.1 must be >= 0, got -1/],
  ])('refuses %j', (changes, message) => {
    expect(() => resolved(changes)).toThrow(ConfigError);
    expect(() => resolved(changes)).toThrow(message);
  });

  it.each<ConfigInput['trainingLoss']>([{ labelSmoothing: 0.1 }, { classWeights: 'balanced' }])(
    'refuses %j where numbers are predicted, before Python starts',
    (changes) => {
      expect(() => resolved(changes, 'wine-quality')).toThrow(ConfigError);
      expect(() => resolved(changes, 'wine-quality')).toThrow(/is for classes, got loss meanSquared/);
    },
  );
});
