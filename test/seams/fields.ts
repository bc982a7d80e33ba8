import { z } from 'zod';

/** The part of JSON Schema that zod and msgspec write. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

/** A field of a message: its type and bounds, and whether it may be null or left out. */
export interface Field {
  readonly type: string;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly bounds: Readonly<Record<string, unknown>>;
}

const BOUNDS = [
  ...['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'],
  ...['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'enum'],
];

/** The fields of a zod schema, by their paths. */
export function fieldsOfZod(schema: z.ZodType): Record<string, Field> {
  return fieldsOf(z.toJSONSchema(schema, { unrepresentable: 'any' }) as Schema);
}

/** The fields of a JSON schema, by their paths: `.solver.beta1`, `.points[]` in a list, `.args{}` in a map, `<call>` in a union. */
export function fieldsOf(root: Schema): Record<string, Field> {
  const fields: Record<string, Field> = {};
  const walk = (schema: Schema, at: string, optional: boolean) => {
    const all = alternatives(schema, root);
    const nullable = all.some(({ type }) => type === 'null');
    const others = all.filter(({ type }) => type !== 'null');
    if (others.length > 1) {
      for (const [place, one] of others.entries()) walk(one, `${at}<${tagOf(one) ?? place}>`, optional);
      return;
    }
    const [one = {}] = others;
    fields[at] = { type: typeOf(one), nullable, optional, bounds: boundsOf(one) };
    for (const [key, inner] of Object.entries(one.properties ?? {})) {
      walk(inner, `${at}.${key}`, !one.required?.includes(key));
    }
    if (one.items !== undefined) walk(one.items, `${at}[]`, false);
    if (typeof one.additionalProperties === 'object') walk(one.additionalProperties, `${at}{}`, false);
  };
  walk(root, '', false);
  return fields;
}

/** A schema's alternatives, one type each, with references followed. */
function alternatives(schema: Schema, root: Schema): Schema[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '');
    const found = root.$defs?.[name];
    if (found === undefined) throw new Error(`no definition of ${schema.$ref}`);
    return alternatives(found, root);
  }
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return several.flatMap((one) => alternatives(one, root));
  return typeof schema.type === 'object' ? schema.type.map((type) => ({ ...schema, type })) : [schema];
}

/** What tells an object from the others of its union: the only value of one of its fields. */
function tagOf({ properties = {} }: Schema): unknown {
  return Object.values(properties)
    .map((field) => enumOf(field))
    .find((values) => values?.length === 1)?.[0];
}

function enumOf(schema: Schema): readonly unknown[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

function typeOf(schema: Schema): string {
  if (Number.isInteger(schema.const)) return 'integer';
  return String(schema.type ?? (enumOf(schema) === undefined ? 'any' : typeof enumOf(schema)?.[0]));
}

function boundsOf(schema: Schema): Record<string, unknown> {
  const { exclusiveMinimum: above, ...rest } = schema;
  const lowest = schema.type === 'integer' && above !== undefined ? { ...rest, minimum: above + 1 } : schema;
  const said = Object.entries({ ...lowest, enum: enumOf(schema)?.toSorted() }).filter(
    ([, value]) => value !== undefined,
  );
  const bounds = Object.fromEntries(said.filter(([key]) => BOUNDS.includes(key)));
  return schema.additionalProperties === false ? { ...bounds, closed: true } : bounds;
}
