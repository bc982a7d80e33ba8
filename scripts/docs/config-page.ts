import { CHOICES } from '../../src/cli/flags/choices';
import { analyticSchema } from '../../src/config/closed-form';
import { type Option, optionsOf } from '../../src/config/option-tree';
import { configSchema } from '../../src/config/schema';
import { METHODS, SECTIONS } from '../../src/methods';
import { inline } from '../../src/report/config-yaml';
import { code, row, table } from './markdown';
import { workerNames } from './worker-names';

/** Returns docs/reference/config.md. */
export function configPage(): string {
  return `# Configuration

Made from the schema by \`npm run docs\`; not to be edited by hand.

A configuration is a preset, what a file states over it (\`--config FILE\`, YAML or JSON), what the command line states over
that, and the defaults below for the rest. Objects are merged key by key; a budget, and a data set or network of another name,
replace what was there. Unknown keys are refused. \`dsptt init\` writes a file with every option explained, \`dsptt config FILE
--explain\` says where each value comes from, and \`--set a.b=value\` sets any one on the command line.

[config.schema.json](config.schema.json) is the JSON Schema: editors complete and check a file that names it, in YAML by a first
line \`# yaml-language-server: $schema=node_modules/dsptt/docs/reference/config.schema.json\` (\`dsptt init\` writes it), in JSON
by the key \`$schema\`, which dsptt passes over.

Presets: ${CHOICES.preset.map(code).join(', ')}. Data sets: ${workerNames('data').map(code).join(', ')}
([data.md](../data.md)). Networks: ${workerNames('models').map(code).join(', ')}, or any function of Python
([model-zoos.md](../model-zoos.md)).

## Networks

${optionsTable(optionsOf(configSchema))}

${readsTable()}

## Closed-form objectives

${optionsTable(optionsOf(analyticSchema))}
`;
}

function optionsTable(options: readonly Option[]): string {
  const rows = options.map(({ path, values, default: byDefault, description }) =>
    row([code(path.join('.')), values ?? '', byDefault === undefined ? '' : code(inline(byDefault)), description]),
  );
  return table(['option', 'values', 'default', 'meaning'], rows);
}

/** Returns a table of the method-specific parts of the configuration that each method reads. */
function readsTable(): string {
  const rows = Object.entries(METHODS).map(([name, { reads }]) => row([code(name), reads.map(code).join(', ')]));
  return `Of ${SECTIONS.map(code).join(', ')} a method reads its own:\n\n${table(['method', 'reads'], rows)}`;
}
