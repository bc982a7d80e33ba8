import type { Command } from 'commander';
import { stringify } from 'yaml';
import { originsOf } from '../../config/value-origins';
import { UsageError } from '../../errors';
import { explainedYaml } from '../../report/config-yaml';
import { type ConfigFlags, configLayers, withConfigFlags } from '../flags/config-flags';
import { resolveAny } from '../flags/resolve-any';

interface Flags extends ConfigFlags {
  readonly explain?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  dsptt config --preset digits --explain
  dsptt config --preset cifar10-resnet164 --scale reduced --set dspTt.tiers=[5,5]`;

/** Defines `dsptt config`: it prints the configuration that a run would have, and the origin of each value. */
export function configCommand(command: Command): void {
  withConfigFlags(command)
    .argument('[file]', 'YAML or JSON file, as for --config')
    .option('--explain', 'say where each value comes from: default, preset, scale, file and line, or command line')
    .option('--json', 'print JSON instead of YAML')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

function execute(file: string | undefined, { explain, json, ...flags }: Flags): void {
  if (file !== undefined && flags.config !== undefined)
    throw new UsageError(`give one file: ${file} or --config ${flags.config}`);
  const layers = configLayers({ ...flags, ...(file !== undefined && { config: file }) });
  const config = resolveAny(layers);
  const settings = originsOf(layers, config);
  if (json) {
    const origins = settings.map(({ path, ...setting }) => ({ path: path.join('.'), ...setting }));
    process.stdout.write(`${JSON.stringify(explain ? origins : config, null, 2)}\n`);
  } else {
    process.stdout.write(explain ? `${explainedYaml(settings)}\n` : stringify(config));
  }
}
