import { isDeepStrictEqual } from 'node:util';
import { everyOption, type Option } from './option-tree';
import { type Config, configSchema } from './schema';

/** The first setting in which two runs' configurations differ, with both values; null if they state the same run. */
export function configDifference(there: Config, wanted: Config): string | null {
  return differenceOf(withoutDirectory(there), withoutDirectory(wanted));
}

/**
 * What makes a run the one that it is, and is hashed in its journal's header. Where the data lie makes no difference, nor does
 * an option at its default that says since when there is one (`since` in its meta): a run that was begun before goes on.
 */
export function withoutPlace(config: Config): object {
  const options = everyOption(configSchema).map((option) => [option.path.join('.'), option] as const);
  return withoutLater({ ...withoutDirectory(config) }, new Map(options));
}

/** A section without the later options that are at their default, and without later sections that are empty then. */
function withoutLater(
  section: Readonly<Record<string, unknown>>,
  options: ReadonlyMap<string, Option>,
  within = '',
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(section).flatMap(([key, value]) => {
    const option = options.get(within + key);
    const rest = isRecord(value) ? withoutLater(value, options, `${within}${key}.`) : value;
    const byDefault = option?.values === undefined ? {} : option.default;
    return option?.since !== undefined && isDeepStrictEqual(rest, byDefault) ? [] : [[key, rest] as const];
  });
  return Object.fromEntries(kept);
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
