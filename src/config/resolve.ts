import type { z } from 'zod';
import { ConfigError, UsageError } from '../errors';
import { PRESETS } from './presets';
import { type Config, type ConfigInput, configSchema } from './schema';

/** A part of a configuration and where it came from, for messages. */
export interface ConfigLayer {
  readonly from: string;
  readonly values: ConfigInput;
}

/**
 * Resolve a configuration: the preset, then the layers over it, then the schema's defaults.
 * @throws UsageError on an unknown preset; ConfigError on an unknown key or a value out of range, with what was got.
 */
export function resolveConfig(layers: readonly ConfigLayer[]): Config {
  const presetName = layers.findLast(({ values }) => values.preset != null)?.values.preset ?? null;
  const base = presetName === null ? {} : presetValues(presetName);
  const merged = [base, ...layers.map(({ values }) => values)].reduce(merge, { method: 'dsp-tt' });
  const checked = configSchema.safeParse(merged);
  if (checked.success) return checked.data;
  const complaints = checked.error.issues.map((issue) => explain(issue, merged) + origin(issue, layers));
  throw new ConfigError([...new Set(complaints)].join('; '));
}

function presetValues(name: string): ConfigInput {
  const preset = Object.entries(PRESETS).find(([key]) => key === name)?.[1];
  if (preset === undefined) throw new UsageError(`unknown preset '${name}'; known: ${Object.keys(PRESETS).join(', ')}`);
  return preset;
}

/** Objects are merged key by key; anything else, and a budget or a part with another name, replaces what was there. */
function merge(below: unknown, above: unknown, key?: unknown): unknown {
  if (!isPlain(below) || !isPlain(above) || key === 'budget') return above === undefined ? below : above;
  if ('name' in above && 'name' in below && above.name !== below.name) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    if (value !== undefined) merged[name] = merge(below[name], value, name);
  }
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function explain(issue: z.core.$ZodIssue, input: unknown): string {
  const where = issue.path.join('.') || 'the configuration';
  const value = valueAt(input, issue.path);
  const got = typeof value === 'number' ? String(value) : JSON.stringify(value); // JSON has no NaN
  if (issue.code === 'unrecognized_keys') {
    return `${where} has no key '${issue.keys.join("', '")}'; known: ${knownKeys(issue.path).join(', ')}`;
  }
  if (got === undefined) return `${where} is missing`;
  if (issue.code === 'too_small')
    return `${where} must be ${issue.inclusive ? '>=' : '>'} ${issue.minimum}, got ${got}`;
  if (issue.code === 'too_big') return `${where} must be ${issue.inclusive ? '<=' : '<'} ${issue.maximum}, got ${got}`;
  if (issue.code === 'invalid_value') return `${where} must be one of ${issue.values.join(', ')}, got ${got}`;
  if (issue.code === 'invalid_type') return `${where} must be of type ${issue.expected}, got ${got}`;
  if (issue.code === 'invalid_union') return `${where} must be {steps: N} or {epochs: N}, both above 0, got ${got}`;
  return `${where}: ${issue.message}, got ${got}`;
}

/** The layer that states the value complained of, for the message; nothing where it came from the preset. */
function origin(issue: z.core.$ZodIssue, layers: readonly ConfigLayer[]): string {
  const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path;
  const layer = layers.findLast(({ values }) => valueAt(values, keys) !== undefined);
  return layer === undefined ? '' : ` (${layer.from})`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (isPlain(at) ? at[String(key)] : undefined), input);
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  const defaults = configSchema.parse({
    method: '',
    dataset: { name: '-' },
    model: { name: '-' },
    budget: { steps: 1 },
  });
  const part = valueAt(defaults, path);
  return isPlain(part) ? Object.keys(part) : [];
}
