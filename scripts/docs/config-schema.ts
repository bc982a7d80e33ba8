import { z } from 'zod';
import { CHOICES } from '../../src/cli/flags/choices';
import { analyticSchema } from '../../src/config/closed-form';
import { ANALYTIC_PRESETS } from '../../src/config/presets/closed-form';
import { configSchema } from '../../src/config/schema';
import { workerNames } from './worker-names';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Options of the conversion to JSON Schema: editors know this draft best; it has no `since`, which is ours. */
const DRAFT = {
  io: 'input',
  target: 'draft-7',
  override: ({ jsonSchema }: { readonly jsonSchema: JsonSchema }) => {
    delete jsonSchema.since;
  },
} as const;

/**
 * Returns the JSON Schema of a configuration file, for editors. A file contains the differences from its preset, so
 * nothing in it is required. It is about a closed-form objective if it names one, or a preset of one.
 */
export function configFileSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'dsptt configuration',
    description: 'What `dsptt run --config FILE` takes, as YAML or JSON.',
    type: 'object',
    if: {
      anyOf: [
        { required: ['objective'] },
        { required: ['preset'], properties: { preset: { enum: Object.keys(ANALYTIC_PRESETS) } } },
      ],
    },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
    then: closedForm(),
    else: network(),
  };
}

function network(): JsonSchema {
  const { preset, method, dataset, model, ...others } = fileProperties(configSchema);
  const properties = {
    preset: { ...preset, enum: [...CHOICES.preset, null] },
    method: { ...method, enum: [...CHOICES.method] },
    dataset: withNames(dataset, workerNames('data')),
    model: withNames(model, [...workerNames('models'), null]),
  };
  return { type: 'object', properties: { ...properties, ...others }, additionalProperties: false };
}

function closedForm(): JsonSchema {
  const { preset, ...others } = fileProperties(analyticSchema);
  const properties = { preset: { ...preset, enum: [...Object.keys(ANALYTIC_PRESETS), null] } };
  return { type: 'object', properties: { ...properties, ...others }, additionalProperties: false };
}

/** Returns a part whose `name` is one of the known ones. */
function withNames(part: JsonSchema, names: readonly (string | null)[]): JsonSchema {
  const { name, ...properties } = asSchemas(part.properties);
  return { ...part, properties: { name: { description: name.description, enum: [...names] }, ...properties } };
}

function fileProperties(schema: z.ZodType): Record<string, JsonSchema> {
  const own = { $schema: { type: 'string' as const, description: 'this schema, for editors; dsptt does not read it' } };
  return { ...own, ...asSchemas(partial(z.toJSONSchema(schema, DRAFT)).properties) };
}

/** Returns a schema without required properties; a value of several forms is unchanged. */
function partial(schema: JsonSchema): JsonSchema {
  if (schema.properties === undefined) return schema;
  const { required: _, default: __, ...rest } = schema;
  const properties = Object.entries(asSchemas(schema.properties)).map(
    ([name, value]) => [name, partial(value)] as const,
  );
  return { ...rest, properties: Object.fromEntries(properties) };
}

function asSchemas(properties: JsonSchema['properties'] = {}): Record<string, JsonSchema> {
  const entries = Object.entries(properties).flatMap(([name, value]) =>
    typeof value === 'boolean' ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
