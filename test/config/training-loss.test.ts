import path from 'node:path';
import { configDifference, withoutPlace } from '../../src/config/difference';
import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';
import { HERE } from '../../src/executor/places';
import { trainingLossOf } from '../../src/executor/task-spec';

const resolved = (trainingLoss: ConfigInput['trainingLoss'], preset = 'wine') =>
  resolveConfig([{ from: 'test', values: { preset, ...(trainingLoss && { trainingLoss }) } }]);

describe('the training loss of a configuration', () => {
  it('is the plain one by default: nothing of it is sent, and the run is that of an earlier version', () => {
    const config = resolved(undefined);
    expect(trainingLossOf(config.trainingLoss, HERE)).toEqual({});
    expect(trainingLossOf(undefined, HERE)).toEqual({});
    expect(withoutPlace(config)).not.toHaveProperty('trainingLoss');
  });

  it('is sent where it differs, and makes another run', () => {
    const changes = { labelSmoothing: 0.1, classWeights: [1, 2, 1] };
    expect(trainingLossOf(resolved(changes).trainingLoss, HERE)).toEqual({
      trainingLoss: { ...changes, python: null, args: {}, modules: null },
    });
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

  it.each<ConfigInput['trainingLoss']>([
    { python: 'mine.py', labelSmoothing: 0.1 },
    { python: 'mine.py', classWeights: 'balanced' },
  ])('refuses %j: a loss of the user is the whole loss', (changes) => {
    expect(() => resolved(changes)).toThrow(ConfigError);
    expect(() => resolved(changes)).toThrow(/^trainingLoss\.python is the whole loss: leave out trainingLoss\.\w+, or/);
  });

  it('is a file with its absolute path, also where numbers are predicted', () => {
    const { trainingLoss } = trainingLossOf(resolved({ python: 'mine.py:make' }, 'wine-quality').trainingLoss, HERE);
    expect(trainingLoss).toMatchObject({ python: `${path.resolve('mine.py')}:make`, modules: null });
  });

  it.each<ConfigInput['trainingLoss']>([{ labelSmoothing: 0.1 }, { classWeights: 'balanced' }])(
    'refuses %j where numbers are predicted, before Python starts',
    (changes) => {
      expect(() => resolved(changes, 'wine-quality')).toThrow(ConfigError);
      expect(() => resolved(changes, 'wine-quality')).toThrow(/is for classes, got loss meanSquared/);
    },
  );
});
