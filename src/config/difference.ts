import { isDeepStrictEqual } from 'node:util';
import type { Config } from './schema';

/** The first setting in which two runs' configurations differ, with both values; null where they are the same run. */
export function configDifference(there: Config, wanted: Config): string | null {
  return differenceOf(withoutDirectory(there), withoutDirectory(wanted));
}

/** Settings that 0.1.0 did not have, each with the value at which a run is what it was before. */
const LATER: Readonly<Record<string, unknown>> = {
  compile: false,
  channelsLast: false,
  graphs: 'auto',
  data: 'auto',
  membersAtOnce: 1,
  membersWay: 'auto',
};

/** What makes a run the one that it is. Where the data lie makes no difference, nor does a later setting that is left alone. */
export function withoutPlace(config: Config): object {
  const settings = Object.entries(config).filter(
    ([key, value]) => !(key in LATER && isDeepStrictEqual(value, LATER[key])),
  );
  return { ...Object.fromEntries(settings), dataset: withoutDirectory(config).dataset };
}

function withoutDirectory(config: Config): Config {
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
