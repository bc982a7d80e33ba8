import type { ConfigLayer } from '../config/resolve';
import { resolveAnalytic } from '../config/resolve';
import { UsageError } from '../errors';
import { runAnalytic } from '../experiment/analytic';
import { optimaSummary, optimaTable, tierGraphTable } from '../report/optima';
import { freeDirectory } from '../store/run-directory';

/** What the command line of a run on a closed-form objective can say. */
export interface AnalyticFlags {
  readonly preset?: string;
  readonly direction?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Flags of `dsptt run` that mean something without networks, data and devices. */
const FLAGS = ['preset', 'config', 'set', 'direction', 'seed', 'out', 'json', 'quiet'];

/** `dsptt run` on a closed-form objective: no Python is started. */
export async function executeAnalytic(flags: AnalyticFlags, layers: readonly ConfigLayer<object>[]): Promise<void> {
  refuseOthers(flags);
  const config = resolveAnalytic(layers.map((layer) => (layer.from === 'command line' ? flagLayer(flags) : layer)));
  const { preset, objective, search } = config;
  const out = flags.out ?? freeDirectory(`runs/${preset ?? objective.name}-${search.direction}-${config.seed}`);
  const result = await runAnalytic(config, { out });
  if (flags.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    const parts = [optimaTable(result), tierGraphTable(result), `${optimaSummary(result)}\nFiles: ${out}`];
    process.stdout.write(`${parts.join('\n\n')}\n`);
  }
}

/** In place of the layer that flags make for networks. */
function flagLayer({ preset, direction, seed }: AnalyticFlags): ConfigLayer<object> {
  return { from: 'command line', values: { preset, seed, ...(direction !== undefined && { search: { direction } }) } };
}

function refuseOthers(flags: object): void {
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined || FLAGS.includes(name)) continue;
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const fitting = FLAGS.map((known) => `--${known}`).join(', ');
    throw new UsageError(`${flag} is of no use on a closed-form objective, which takes ${fitting}`);
  }
}
