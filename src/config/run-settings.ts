import { isDeepStrictEqual } from 'node:util';
import { everyOption } from './option-tree';
import { valueAt } from './resolve';
import { type Config, configSchema } from './schema';

/** Value of an option in a run. */
export interface RunSetting {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly isDefault: boolean;
}

/** Returns the value of every option of a run, in the schema's order. */
export function runSettings(config: Config): RunSetting[] {
  const options = everyOption(configSchema).filter(({ values }) => values !== undefined);
  return options.flatMap(({ path, default: byDefault }) => {
    const value = valueAt(config, path);
    return value === undefined ? [] : [{ path, value, isDefault: isDeepStrictEqual(value, byDefault) }];
  });
}
