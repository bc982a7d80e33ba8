import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { ConfigError, UsageError } from '../errors';
import { type AnalyticConfig, analyticSchema } from './closed-form';
import { FITTED } from './dsp-tt';
import { checkEarlyStopping } from './early-stopping';
import { checkTrainingLoss } from './fitting-loss';
import { checkMixing } from './fitting-mixing';
import { resolveMembers } from './members';
import { everyOption, optionsOf } from './option-tree';
import { isPresetName, PRESETS, presetLayers } from './presets';
import { ANALYTIC_PRESETS } from './presets/closed-form';
import { PRESET_SIZES, type PresetSize } from './scale';
import { type Config, type ConfigInput, configSchema } from './schema';

/** Origin of values that no layer states. */
export const DEFAULT = 'default';

/** A part of a configuration and where it came from, for messages. */
export interface ConfigLayer<Values extends object = ConfigInput> {
  readonly from: string;
  readonly values: Values;
  /** The line of a file on which it states a setting; undefined where it is no file, or states it nowhere. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/** A kind of run: what its configuration may hold, and what it starts from. */
interface Kind<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly presets: readonly string[];
  /** The layers of one of them at a scale, lowest first. */
  readonly layersOf: (preset: string, scale: PresetSize) => readonly object[];
  /** Settings below everything else, where a preset is named and where none is. */
  readonly base: (preset: string | null) => object;
}

const NETWORK: Kind<typeof configSchema> = {
  schema: configSchema,
  presets: Object.keys(PRESETS),
  layersOf: (preset, scale) => (isPresetName(preset) ? presetLayers(preset, scale) : []),
  base: (preset) => ({ method: 'dsp-tt', ...(preset === null && { dspTt: FITTED }) }),
};

const ANALYTIC: Kind<typeof analyticSchema> = {
  schema: analyticSchema,
  presets: Object.keys(ANALYTIC_PRESETS),
  layersOf: (preset) => Object.entries(ANALYTIC_PRESETS).flatMap(([name, values]) => (name === preset ? [values] : [])),
  base: () => ({}),
};

/**
 * Resolve a network run's configuration: the preset, then the layers over it, then the schema's defaults.
 * @throws UsageError on an unknown preset; ConfigError on an unknown key or a value out of range, with what was got.
 */
export function resolveConfig(layers: readonly ConfigLayer[]): Config {
  const network = resolveLayers(layers, NETWORK);
  return resolveMembers(checkEarlyStopping(checkMixing(checkTrainingLoss(network))));
}

/** Resolves the configuration of a run on a closed-form objective, in the same way. */
export function resolveAnalytic(layers: readonly ConfigLayer<object>[]): AnalyticConfig {
  return resolveLayers(layers, ANALYTIC);
}

/** Reports whether layers state a closed-form objective, or name a preset of one. */
export function isAnalytic(layers: readonly ConfigLayer<object>[]): boolean {
  const preset = presetOf(layers);
  return layers.some(({ values }) => 'objective' in values) || (preset !== null && isPreset(ANALYTIC, preset));
}

function resolveLayers<Schema extends z.ZodType>(
  layers: readonly ConfigLayer<object>[],
  kind: Kind<Schema>,
): z.infer<Schema> {
  const merged = stack(layers, kind).map(valuesOf).reduce(merge);
  const checked = kind.schema.safeParse(merged);
  const complaints = checked.success
    ? changedConstants(checked.data, layers, kind)
    : checked.error.issues.map((issue) => explain(issue, merged, kind) + origin(keysOf(issue), layers));
  if (checked.success && complaints.length === 0) return checked.data;
  throw new ConfigError([...new Set(complaints)].join('; '));
}

/** Problems of layers that state another value for a constant. */
function changedConstants(
  config: unknown,
  layers: readonly ConfigLayer<object>[],
  { schema }: Kind<z.ZodType>,
): string[] {
  return everyOption(schema).flatMap(({ path, isConstant, default: constant }) => {
    const value = valueAt(config, path);
    if (!isConstant || isDeepStrictEqual(value, constant)) return [];
    const [is, got] = [constant, value].map((one) => JSON.stringify(one));
    return [`${path.join('.')} is a constant, ${is}, got ${got}: leave it out${origin(path, layers)}`];
  });
}

/** All layers of a configuration, lowest first: what is below every preset, the preset at its scale, and those given. */
export function stackedLayers(layers: readonly ConfigLayer<object>[]): ConfigLayer<object>[] {
  return stack(layers, isAnalytic(layers) ? ANALYTIC : NETWORK);
}

function stack(layers: readonly ConfigLayer<object>[], kind: Kind<z.ZodType>): ConfigLayer<object>[] {
  const preset = presetOf(layers);
  const scale = scaleOf(layers);
  const named = preset === null ? [] : presetValues(kind, preset, scale);
  const from = (k: number) => (k === 0 ? `preset ${preset}` : `scale ${scale} of ${preset}`);
  return [
    { from: DEFAULT, values: kind.base(preset) },
    ...lossOfLabels(layers),
    ...named.map((values, k) => ({ from: from(k), values })),
    ...layers,
  ];
}

/** The loss for labels, where a data set of ours is given their names. What `args` of a function mean is its own matter. */
function lossOfLabels(layers: readonly ConfigLayer<object>[]): ConfigLayer<object>[] {
  const stated = layers.map(valuesOf).reduce(merge, {});
  const [name, labels] = [valueAt(stated, ['dataset', 'name']), valueAt(stated, ['dataset', 'args', 'labels'])];
  const isGiven = typeof name === 'string' && Array.isArray(labels);
  return isGiven ? [{ from: 'dataset.args.labels', values: { loss: 'binaryCrossEntropy' } }] : [];
}

/** Keys of a file that are no settings: for editors, and the place where a run was made, in its config.json. */
const NO_SETTINGS = ['$schema', 'madeIn'];

/** The settings of a layer. */
export function valuesOf({ values }: ConfigLayer<object>): object {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !NO_SETTINGS.includes(key)));
}

/** The last preset that a layer names. Only a string is one: the schema complains of anything else. */
function presetOf(layers: readonly ConfigLayer<object>[]): string | null {
  const names = layers.map(({ values }) => ('preset' in values ? values.preset : null));
  const name = names.findLast((given) => given !== null && given !== undefined);
  return typeof name === 'string' ? name : null;
}

/** The scale that the last layer to name one asks for. Of one that there is not, the schema complains. */
function scaleOf(layers: readonly ConfigLayer<object>[]): PresetSize {
  const named = layers.map(({ values }) => ('scale' in values ? values.scale : undefined));
  const last = named.findLast((given) => given !== undefined);
  return PRESET_SIZES.find((scale) => scale === last) ?? 'full';
}

function presetValues(kind: Kind<z.ZodType>, name: string, scale: PresetSize): readonly object[] {
  if (isPreset(kind, name)) return kind.layersOf(name, scale);
  const other = [NETWORK, ANALYTIC].find((candidate) => isPreset(candidate, name));
  if (other === undefined) {
    const known = [...NETWORK.presets, ...ANALYTIC.presets];
    throw new UsageError(`unknown preset '${name}'; known: ${known.join(', ')}`);
  }
  const [its, wanted] =
    other === ANALYTIC ? ['closed-form objective', 'network'] : ['network', 'closed-form objective'];
  const fitting = kind.presets.join(', ');
  throw new UsageError(`preset '${name}' is of a ${its}, but a ${wanted} is needed here: ${fitting}`);
}

function isPreset(kind: Kind<z.ZodType>, name: string): boolean {
  return kind.presets.includes(name);
}

/** Merges a layer over another one. */
export function merge(below: object, above: object): object {
  return mergeRecords({ ...below }, { ...above });
}

/** Objects are merged key by key; anything else, a budget, and a part that is another one, replace what was there. */
function mergeValues(below: unknown, above: unknown, key: string): unknown {
  if (!isPlain(below) || !isPlain(above) || key === 'budget') return above === undefined ? below : above;
  return key !== 'args' && isAnotherPart(below, above) ? above : mergeRecords(below, above);
}

function mergeRecords(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    if (value !== undefined) merged[name] = mergeValues(below[name], value, name);
  }
  return merged;
}

/** Reports whether a part (a data set, a network) has another name, or another function that builds it. */
function isAnotherPart(below: Record<string, unknown>, above: Record<string, unknown>): boolean {
  const is = (part: Record<string, unknown>) => part.name ?? part.python;
  return is(below) !== undefined && is(above) !== undefined && is(below) !== is(above);
}

/** Reports whether a value holds settings, rather than being one itself. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function explain(issue: z.core.$ZodIssue, input: unknown, kind: Kind<z.ZodType>): string {
  const where = issue.path.join('.') || 'the configuration';
  const value = valueAt(input, issue.path);
  const got = typeof value === 'number' ? String(value) : JSON.stringify(value); // JSON has no NaN
  if (issue.code === 'unrecognized_keys') {
    return `${where} has no key '${issue.keys.join("', '")}'; known: ${knownKeys(issue.path, kind).join(', ')}`;
  }
  if (got === undefined) return `${where} is missing`;
  if (issue.code === 'too_small')
    return `${where} must be ${issue.inclusive ? '>=' : '>'} ${issue.minimum}, got ${got}`;
  if (issue.code === 'too_big') return `${where} must be ${issue.inclusive ? '<=' : '<'} ${issue.maximum}, got ${got}`;
  if (issue.code === 'invalid_value') return `${where} must be one of ${issue.values.join(', ')}, got ${got}`;
  if (issue.code === 'invalid_type') return `${where} must be of type ${issue.expected}, got ${got}`;
  if (issue.code === 'invalid_union')
    return `${where} must be ${FORMS[where] ?? wordsFor(issue.path, kind)}, got ${got}`;
  return `${where}: ${issue.message}, got ${got}`;
}

/** Forms of settings whose schema takes more words. */
const FORMS: Readonly<Record<string, string>> = { budget: '{steps: N} or {epochs: N}, both above 0' };

/** Returns the possible values of an option in words. */
function wordsFor(path: readonly PropertyKey[], { schema }: Kind<z.ZodType>): string {
  return everyOption(schema).find((option) => isDeepStrictEqual(option.path, path))?.values ?? 'of another form';
}

/** Keys that lead to the faulty value. */
function keysOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path;
}

/** The layer that states a value, for messages; nothing where it came from the preset. */
function origin(keys: readonly PropertyKey[], layers: readonly ConfigLayer<object>[]): string {
  const layer = layers.findLast(({ values }) => valueAt(values, keys) !== undefined);
  return layer === undefined ? '' : ` (${placeIn(layer, keys)})`;
}

/** A layer, and the line on which it states a setting. */
export function placeIn({ from, lineOf }: ConfigLayer<object>, path: readonly PropertyKey[]): string {
  const line = lineOf?.(path);
  return line === undefined ? from : `${from}:${line}`;
}

/** The value at a path through nested objects and lists. */
export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  const step = (at: unknown, key: PropertyKey) => {
    if (Array.isArray(at)) return at[Number(key)];
    return isPlain(at) ? at[String(key)] : undefined;
  };
  return path.reduce<unknown>(step, input);
}

function knownKeys(part: readonly PropertyKey[], { schema }: Kind<z.ZodType>): string[] {
  const inside = optionsOf(schema).filter(({ path }) => isDeepStrictEqual(path.slice(0, -1), part));
  return inside.map(({ path }) => path[path.length - 1]);
}
