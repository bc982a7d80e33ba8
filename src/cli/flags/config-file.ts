import { readFileSync } from 'node:fs';
import type { ConfigLayer } from '../../config/resolve';
import type { ConfigInput } from '../../config/schema';
import { ConfigError, UsageError } from '../../errors';

/** Loaded on demand: it takes a tenth of a command's start-up time. */
const yaml = (): typeof import('yaml') => require('yaml');

/**
 * Reads a configuration file, YAML or JSON, as a layer that knows the line of each setting.
 * @throws ConfigError if it cannot be read or parsed, or holds no mapping
 */
export function readConfigFile(path: string): ConfigLayer {
  const text = readText(path);
  return { from: path, values: asSettings(parseYaml(text, path), path), lineOf: lineFinder(text) };
}

/**
 * Parses `a.b.c=value` as a layer; the value is YAML.
 * @throws UsageError if it has no such form; ConfigError if the value is not YAML
 */
export function parseSetting(setting: string): ConfigLayer {
  const from = `--set ${setting}`;
  const [, path, text] = /^([\w.]+)=(.*)$/s.exec(setting) ?? [];
  if (path === undefined) throw new UsageError(`--set takes key=value, such as dspTt.rho1.max=0.5, got '${setting}'`);
  return { from, values: asSettings(nested(path, parseYaml(text, from)), from) };
}

/** Wraps a value in one object for each key of a path such as `dspTt.rho1.max`. */
export function nested(path: string, value: unknown): object {
  const [key, ...rest] = path.split('.');
  return { [key]: rest.length === 0 ? value : nested(rest.join('.'), value) };
}

/**
 * Checks only that the value is an object: the schema checks the whole once all layers are merged.
 * @throws ConfigError if it is not
 */
export function asSettings(value: unknown, from: string): ConfigInput {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError(`${from} must hold keys and values, got ${JSON.stringify(value)}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`cannot read the configuration ${path} (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
}

function parseYaml(text: string, from: string): unknown {
  try {
    return yaml().parse(text);
  } catch (cause) {
    throw new ConfigError(`${from} is not YAML or JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/**
 * Returns a function that finds the line of a setting; for a setting from an alias, the line of its nearest named
 * parent.
 */
function lineFinder(text: string): ConfigLayer['lineOf'] {
  const { isNode, LineCounter, parseDocument, YAMLMap } = yaml();
  const nameOf = (key: unknown) => (isNode(key) ? String(key.toJSON()) : String(key));
  const lineCounter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter });
  return (path) => {
    let node: unknown = contents;
    let offset: number | undefined;
    for (const name of path) {
      const key = node instanceof YAMLMap ? node.items.find((pair) => nameOf(pair.key) === String(name)) : undefined;
      if (key === undefined) break;
      if (isNode(key.key)) offset = key.key.range?.[0];
      node = key.value;
    }
    return offset === undefined ? undefined : lineCounter.linePos(offset).line;
  };
}
