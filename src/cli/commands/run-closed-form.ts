import type { Command } from 'commander';
import type { ConfigLayer } from '../../config/resolve';
import { resolveAnalytic } from '../../config/resolve';
import { optimaSummary, optimaTable, tierGraphTable } from '../../report/optima';
import { wrapped } from '../../report/wrap';
import { runAnalytic } from '../../run/closed-form';
import { freeDirectory } from '../../store/run-directory';
import { CONFIG_FLAGS, longOf } from '../flags/config-flags';
import { mustOnlyGive } from '../flags/options';

interface AnalyticFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Flags of `dsptt run` that apply without networks, data and devices. */
const FLAGS = [
  ...CONFIG_FLAGS.filter(({ closedForm }) => closedForm).map(longOf),
  ...['--config', '--set', '--out', '--json', '--quiet'],
];

/**
 * Performs `dsptt run` on a closed-form objective, without starting Python.
 * @throws UsageError on a flag that does not apply; ConfigError on invalid settings
 */
export async function executeAnalytic(
  flags: AnalyticFlags,
  layers: readonly ConfigLayer<object>[],
  command: Command,
): Promise<void> {
  const complaint = (flag: string) =>
    `${flag} does not apply to a closed-form objective, which takes ${FLAGS.join(', ')}`;
  mustOnlyGive(command, FLAGS, complaint);
  const config = resolveAnalytic(layers);
  const { preset, objective, search } = config;
  const out = flags.out ?? freeDirectory(`runs/${preset ?? objective.name}-${search.direction}-${config.seed}`);
  const result = await runAnalytic(config, { out });
  if (flags.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const parts = [optimaTable(result), tierGraphTable(result), `${wrapped(optimaSummary(result))}\nFiles: ${out}`];
    process.stdout.write(`${parts.join('\n\n')}\n`);
  }
}
