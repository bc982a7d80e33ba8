import { z } from 'zod';

/** One option of the schema, or a part that holds options. */
export interface Option {
  /** Names from the outside in, such as `dspTt.rho1.max`. */
  readonly path: readonly string[];
  readonly description: string;
  /** Possible values in words; undefined for a part that holds options. */
  readonly values: string | undefined;
  /** The words to choose from; undefined for any other kind of value. */
  readonly choices: readonly string[] | undefined;
  /** Undefined if the option must be stated, or is a part that holds options. */
  readonly default: unknown;
  /** The version that added the option, or the section that it is in; undefined of those that the first journals have. */
  readonly since: string | undefined;
  /** True for a constant: new runs accept its default only, config.json of an earlier run may state another value. */
  readonly isConstant: boolean;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A bound beyond this is the range of numbers itself, and is not printed. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER;

/** The options of new runs, in the schema's order, a part before what it holds. */
export function optionsOf(schema: z.ZodType): Option[] {
  return everyOption(schema).filter(({ isConstant }) => !isConstant);
}

/** All that config.json states: the options of new runs, and constants that were options once. */
export function everyOption(schema: z.ZodType): readonly Option[] {
  const options = WALKED.get(schema) ?? walk(z.toJSONSchema(schema, { io: 'input' }), []);
  WALKED.set(schema, options);
  return options;
}

/** Options by schema, kept because every resolved configuration needs them and a sweep resolves hundreds. */
const WALKED = new WeakMap<z.ZodType, readonly Option[]>();

function walk({ properties = {} }: JsonSchema, path: readonly string[], sectionSince?: string): Option[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (typeof schema === 'boolean') return [];
    const since = typeof schema.since === 'string' ? schema.since : sectionSince;
    const isConstant = schema.deprecated === true;
    const here = { path: [...path, name], description: schema.description ?? '', since, isConstant };
    if (schema.properties !== undefined) {
      return [
        { ...here, values: undefined, choices: undefined, default: undefined },
        ...walk(schema, here.path, since),
      ];
    }
    return [{ ...here, values: wordsOf(schema), choices: schema.enum?.map(String), default: schema.default }];
  });
}

function wordsOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(', ');
  if (schema.const !== undefined) return String(schema.const);
  const forms = schema.anyOf?.filter((form) => typeof form !== 'boolean');
  if (forms !== undefined) return forms.map(wordsOf).join(' or ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => wordsOf({ ...schema, type })).join(' or ');
  return ofType(schema);
}

function ofType(schema: JsonSchema): string {
  if (schema.type === 'integer') return `whole number${boundsOf(schema)}`;
  if (schema.type === 'number') return `number${boundsOf(schema)}`;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'string') return 'text';
  if (schema.type === 'array') return `list of ${itemsOf(schema)}`;
  if (schema.type === 'null') return 'null';
  const parts = Object.entries(schema.properties ?? {});
  if (parts.length === 0) return '{names and values}';
  return `{${parts.map(([name, value]) => `${name}: ${typeof value === 'boolean' ? '' : wordsOf(value)}`).join(', ')}}`;
}

function itemsOf({ items, prefixItems }: JsonSchema): string {
  if (prefixItems !== undefined) return `${prefixItems.length} numbers`;
  return typeof items === 'object' && !Array.isArray(items) ? wordsOf(items) : 'values';
}

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const bounds = [
    minimum === undefined || minimum <= -UNBOUNDED ? [] : [`>= ${format(minimum)}`],
    typeof exclusiveMinimum !== 'number' ? [] : [`> ${format(exclusiveMinimum)}`],
    maximum === undefined || maximum >= UNBOUNDED ? [] : [`<= ${format(maximum)}`],
    typeof exclusiveMaximum !== 'number' ? [] : [`< ${format(exclusiveMaximum)}`],
  ].flat();
  return bounds.length === 0 ? '' : ` ${bounds.join(' and ')}`;
}

function format(bound: number): string {
  return bound.toLocaleString('en', { maximumSignificantDigits: 15 });
}
