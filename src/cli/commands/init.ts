import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { dsptt } from '../../command-name';
import { analyticSchema } from '../../config/closed-form';
import { type Option, optionsOf } from '../../config/option-tree';
import { isAnalytic } from '../../config/resolve';
import { configSchema } from '../../config/schema';
import { originsOf } from '../../config/value-origins';
import { hasCode, UsageError } from '../../errors';
import { findMethod, SECTIONS } from '../../methods';
import { configTemplate } from '../../report/config-template';
import { refused } from '../../store/disk/files';
import { resolveAny } from '../flags/resolve-any';

interface Flags {
  readonly preset: string;
  readonly method?: string;
  readonly scale?: string;
  readonly force?: boolean;
}

/** Path of the JSON schema, relative to the package's root. */
const SCHEMA = join('docs', 'reference', 'config.schema.json');

const EXAMPLES = `
Examples:
  dsptt init                                  # dsptt.yaml, to run with: dsptt run --config dsptt.yaml
  dsptt init mine.yaml --preset wine --method random-jump`;

/** Defines `dsptt init`: it writes a commented configuration file to start from. */
export function initCommand(command: Command): void {
  command
    .argument('[file]', 'file to write', 'dsptt.yaml')
    .option('--preset <name>', 'preset whose values it starts from', 'digits')
    .option('--method <name>', 'method whose options it contains (default: dsp-tt)')
    .option('--scale <scale>', 'scale of the preset (default: full)')
    .option('--force', 'overwrite an existing file')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

function execute(file: string, { preset, method, scale, force }: Flags): void {
  const values = { preset, ...(method !== undefined && { method }), ...(scale !== undefined && { scale }) };
  const text = starterConfig(values, relative(dirname(file), join(__dirname, '..', '..', '..', SCHEMA)));
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw refused(file, error);
    throw new UsageError(`${file} exists already: name another file, or overwrite it with --force`);
  }
  process.stdout.write(`${file}: preset ${preset}, explained; to run it: ${dsptt('run', '--config', file)}\n`);
}

/**
 * Returns the text of a configuration file that resolves to the same configuration as the values do.
 * @param schema path of the JSON schema, relative to the file
 * @throws ConfigError on unknown values; UsageError on an unknown method
 */
export function starterConfig(values: { readonly preset: string }, schema: string): string {
  const layers = [{ from: 'dsptt init', values }];
  const config = resolveAny(layers);
  const head = [
    `# yaml-language-server: $schema=${schema}`,
    `# Begins with the preset ${values.preset}: what it sets stands here too, and can be changed.`,
    '# The rest has its default and is commented out: remove the # before a setting, and before the part that it is in.',
  ];
  return `${head.join('\n')}\n${configTemplate(optionsFor(config.method, isAnalytic(layers)), originsOf(layers, config), config)}\n`;
}

/** Returns the options that a method reads. */
function optionsFor(method: string, analytic: boolean): Option[] {
  if (analytic) return optionsOf(analyticSchema);
  const reads: readonly string[] = findMethod(method).reads;
  const unread = SECTIONS.filter((section) => !reads.includes(section));
  return optionsOf(configSchema).filter(({ path }) => !unread.includes(path[0]));
}
