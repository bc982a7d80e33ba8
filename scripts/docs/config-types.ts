import { z } from 'zod';
import { analyticSchema } from '../../src/config/closed-form';
import { PRESETS } from '../../src/config/presets';
import { ANALYTIC_PRESETS } from '../../src/config/presets/closed-form';
import { configSchema } from '../../src/config/schema';
import { METHODS } from '../../src/methods';
import { workerNames } from './worker-names';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Names = Readonly<Record<string, readonly string[]>>;

/** Names that editors offer where the schema takes any text, by the path of the option. */
const OF_NETWORKS: Names = {
  preset: Object.keys(PRESETS),
  method: Object.keys(METHODS),
  'dataset.name': workerNames('data'),
  'model.name': workerNames('models'),
  device: ['auto', 'cpu', 'cuda'],
};
const OF_CLOSED_FORMS: Names = { preset: Object.keys(ANALYTIC_PRESETS) };

const WIDTH = 120;

/** Returns src/config/config-input.ts: the options as types, their descriptions as what an editor shows of them. */
export function configTypes(): string {
  return `// Made from the schemas by \`npm run docs\`; not to be edited by hand.

${declared('ConfigInput', 'A configuration as a preset, a file or a script states it.', configSchema, OF_NETWORKS)}

${declared('AnalyticConfigInput', 'Settings of a closed-form run, as a preset, a file or a script states them.', analyticSchema, OF_CLOSED_FORMS)}
`;
}

function declared(name: string, words: string, schema: z.ZodType, names: Names): string {
  const { properties } = z.toJSONSchema(schema, { io: 'input' });
  return `/** ${words} */\nexport interface ${name} {\n${membersOf(properties, [], names)}\n}`;
}

function membersOf(properties: JsonSchema['properties'] = {}, above: readonly string[], names: Names): string {
  const indent = '  '.repeat(above.length + 1);
  return Object.entries(properties)
    .flatMap(([name, schema]) => (typeof schema === 'boolean' ? [] : [{ path: [...above, name], name, schema }]))
    .map(({ path, name, schema }) => {
      const type = schema.properties
        ? `{\n${membersOf(schema.properties, path, names)}\n${indent}}`
        : union(schema, path, names);
      return `${indent}/** ${wordsOn(schema)} */\n${laidOut(`${indent}${name}?: `, type)}`;
    })
    .join('\n');
}

function wordsOn({ description = '', default: value, deprecated, properties }: JsonSchema): string {
  const hasDefault = value !== undefined && properties === undefined;
  const words = hasDefault
    ? `${description}; by default ${typeof value === 'string' ? value : JSON.stringify(value)}`
    : description;
  return deprecated ? `${words} @deprecated a constant: leave it out` : words;
}

/** Breaks a union that is too long for a line, as our formatter does. */
function laidOut(start: string, type: string): string {
  const line = `${start}${type};`;
  if (line.length <= WIDTH || type.startsWith('{')) return line;
  const indent = ' '.repeat(start.length - start.trimStart().length + 2);
  return `${start.trimEnd()}\n${type
    .split(' | ')
    .map((one) => `${indent}| ${one}`)
    .join('\n')};`;
}

function union(schema: JsonSchema, path: readonly string[], names: Names): string {
  const known = names[path.join('.')]?.map(literal) ?? [];
  const types = [...new Set(typesOf(schema))].map((type) =>
    type === 'string' && known.length > 0 ? '(string & {})' : type,
  );
  return [...known, ...types].join(' | ');
}

function typesOf(schema: JsonSchema): string[] {
  if (schema.enum !== undefined) return schema.enum.map(literal);
  if (schema.const !== undefined) return [literal(schema.const)];
  const forms = schema.anyOf?.flatMap((form) => (typeof form === 'boolean' ? [] : [form]));
  if (forms !== undefined) return forms.flatMap(typesOf);
  return [schema.type].flat().map((type) => ofType({ ...schema, type }));
}

function ofType({ type, items, prefixItems, properties }: JsonSchema): string {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array' && prefixItems !== undefined) return `[${prefixItems.map(oneType).join(', ')}]`;
  if (type === 'array') return `${oneType(Array.isArray(items) ? items[0] : items)}[]`;
  if (type !== 'object') return String(type);
  const parts = Object.entries(properties ?? {}).map(([name, value]) => `${name}: ${oneType(value)}`);
  return parts.length > 0 ? `{ ${parts.join('; ')} }` : 'Record<string, unknown>';
}

function oneType(schema: JsonSchema | boolean | undefined): string {
  return typeof schema === 'object' ? typesOf(schema).join(' | ') : 'unknown';
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
