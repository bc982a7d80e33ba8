import { configDifference, withoutPlace } from '../../src/config/difference';
import { resolveConfig } from '../../src/config/resolve';
import type { ConfigInput } from '../../src/config/schema';
import { ConfigError } from '../../src/errors';
import { mixingOf } from '../../src/executor/task-spec';

const resolved = (values: Pick<ConfigInput, 'mixup' | 'cutmix'>, preset = 'digits') =>
  resolveConfig([{ from: 'test', values: { preset, ...values } }]);

describe('mixup and cutmix of a configuration', () => {
  it('are off by default: nothing of them is sent, and the run is that of an earlier version', () => {
    const config = resolved({});
    expect(mixingOf(config)).toEqual({});
    expect(mixingOf({})).toEqual({});
    expect(withoutPlace(config)).not.toHaveProperty('mixup');
    expect(withoutPlace(config)).not.toHaveProperty('cutmix');
  });

  it('are sent where they are on, and make another run', () => {
    expect(mixingOf(resolved({ mixup: 0.2 }))).toEqual({ mixup: 0.2 });
    expect(mixingOf(resolved({ mixup: 0.2, cutmix: 1 }))).toEqual({ mixup: 0.2, cutmix: 1 });
    expect(configDifference(resolved({}), resolved({ cutmix: 1 }))).toBe('cutmix is 0 there, 1 is wanted');
  });

  it.each<[Pick<ConfigInput, 'mixup' | 'cutmix'>, RegExp]>([
    [{ mixup: -0.1 }, /^mixup must be >= 0, got -0\.1/],
    [{ cutmix: 1001 }, /^cutmix must be <= 1000, got 1001/],
  ])('refuse %j', (values, message) => {
    expect(() => resolved(values)).toThrow(ConfigError);
    expect(() => resolved(values)).toThrow(message);
  });

  it('refuse cutmix of rows of numbers before Python starts, and mix them by mixup', () => {
    expect(() => resolved({ cutmix: 1 }, 'wine')).toThrow(ConfigError);
    expect(() => resolved({ cutmix: 1 }, 'wine')).toThrow(
      /^cutmix is for images, but the samples of dataset wine are rows of numbers: use mixup/,
    );
    expect(resolved({ mixup: 1 }, 'wine-quality')).toMatchObject({ mixup: 1 });
  });
});
