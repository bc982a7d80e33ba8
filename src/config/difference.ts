import { isDeepStrictEqual } from 'node:util';
import type { Config } from './schema';

/** The first setting in which two runs' configurations differ, with both values; null where they are the same run. */
export function configDifference(there: Config, wanted: Config): string | null {
  return differenceOf(withoutPlace(there), withoutPlace(wanted));
}

/** Where the data lie makes no difference to a run. */
export function withoutPlace(config: Config): Config {
  return { ...config, dataset: { ...config.dataset, dir: null } };
}

function differenceOf(there: unknown, wanted: unknown, path = ''): string | null {
  if (isDeepStrictEqual(there, wanted)) return null;
  if (isRecord(there) && isRecord(wanted)) {
    for (const key of new Set([...Object.keys(there), ...Object.keys(wanted)])) {
      const found = differenceOf(there[key], wanted[key], path === '' ? key : `${path}.${key}`);
      if (found !== null) return found;
    }
  }
  return `${path} is ${JSON.stringify(there)} there, ${JSON.stringify(wanted)} is wanted`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
