import { join } from 'node:path';
import { presetAtScale } from '../config/presets/scales';
import { resolveConfig } from '../config/resolve';
import type { PresetSize } from '../config/scale';
import type { Config, ConfigInput } from '../config/schema';
import { UsageError } from '../errors';
import type { ReproduceDataset, ReproduceRequest } from './reproduction';
import type { WantedRun } from './runs/wanted-runs';
import { ARCHITECTURES, type Architecture, architecturesOf, type TableName, type TableRow } from './table-rows';

/** The built-in excerpt of CIFAR-10: the data of smoke runs, and a data set of its own. */
const EXCERPT = 'cifar10-sample';

type Asked = Pick<ReproduceRequest, 'dataset' | 'dataDir' | 'scale'>;

/** Returns the scale of the runs; null on digits, whose preset has one scale. */
export function scaleOf({ dataset, scale }: Pick<ReproduceRequest, 'dataset' | 'scale'>): PresetSize | null {
  return dataset === 'digits' ? null : (scale ?? 'reduced');
}

/**
 * Returns the runs that rows are read from, by name, ordered by seed, then row; several rows may show parts of one run.
 * @throws UsageError on a data folder that smoke runs do not use; ConfigError on invalid settings
 */
export function tablePlanOf(
  rows: readonly TableRow[],
  seeds: readonly number[],
  request: Asked & Pick<ReproduceRequest, 'out'>,
): Map<string, WantedRun> {
  const plan = new Map<string, WantedRun>();
  for (const seed of seeds) {
    for (const row of rows) {
      const name = runName(row, request.dataset, seed);
      if (plan.has(name)) continue;
      plan.set(name, { directory: join(request.out, 'runs', name), config: configOf(row, seed, request) });
    }
  }
  return plan;
}

/** Returns the name of a row's run with a seed. */
export function runName({ architecture, contestant }: TableRow, dataset: ReproduceDataset, seed: number): string {
  return `${dataset === 'digits' ? 'conv' : architecture}-${contestant.key}-${seed}`;
}

/**
 * Returns the requested networks.
 * @throws UsageError on one that the table does not have
 */
export function networksOf(
  name: TableName,
  { dataset, architectures }: Pick<ReproduceRequest, 'dataset' | 'architectures'>,
): Architecture[] {
  const known = architecturesOf(name);
  if (dataset === 'digits') {
    if (architectures !== null)
      throw new UsageError('--dataset digits has one network of its own: leave out --architecture');
    return known.filter((one) => one === 'resnet');
  }
  const wrong = architectures?.find((asked) => !known.some((one) => one === asked));
  if (wrong !== undefined) throw new UsageError(`${name} has no ${wrong}; it has: ${known.join(', ')}`);
  return known.filter((one) => architectures === null || architectures.includes(one));
}

function configOf({ architecture, contestant }: TableRow, seed: number, request: Asked): Config {
  const { dataset, dataDir } = request;
  const scale = scaleOf(request);
  const base = dataset === 'digits' ? { preset: 'digits' } : presetOf(architecture, dataset, scale ?? 'reduced');
  const scaled = scale === null ? undefined : contestant.scaled?.[scale];
  const layers: readonly ConfigInput[] = [
    base,
    contestant.settings,
    scaled ?? {},
    { method: contestant.method, seed },
    dataDir === null ? {} : { dataset: { dir: dataDir } },
  ];
  const config = resolve(layers);
  if (dataDir !== null && config.dataset.name === EXCERPT) {
    throw new UsageError('scale smoke runs on the built-in excerpt of CIFAR-10: leave out --data-dir');
  }
  if (dataset !== EXCERPT || config.dataset.name === dataset) return config;
  const { side, augment, normalise } = config.dataset.args;
  const args = Object.fromEntries(
    Object.entries({ side, augment, normalise }).filter(([, value]) => value !== undefined),
  );
  return resolve([...layers, { dataset: { name: dataset, args }, selectOn: 'validation' }]);
}

function resolve(layers: readonly ConfigInput[]): Config {
  return resolveConfig(layers.map((values) => ({ from: 'dsptt reproduce', values })));
}

function presetOf(architecture: Architecture, dataset: ReproduceDataset, scale: PresetSize): ConfigInput {
  const family = dataset === 'cifar100' ? 'cifar100' : 'cifar10';
  return presetAtScale(`${family}-${ARCHITECTURES[architecture].preset}`, scale);
}
