import { presetAtScale } from '../config/presets/scales';
import { resolveConfig } from '../config/resolve';
import type { ConfigInput } from '../config/schema';
import { fixed, signed } from '../report/format';
import { markdownTable, type TextTable, terminalTable } from '../report/render';
import { wrapped } from '../report/wrap';
import { csv } from '../store/disk/csv';
import { type ReproducedMemory, reproductionJson } from '../store/reproduction';
import { type Claim, type ReproduceRequest, type Reproduction, verdictOf } from './reproduction';
import { type MeasuredMemory, measureMemory } from './runs/measure-memory';
import { MEMORY } from './statements';

/** Section 5.3: peak memory of a search compared with that of training. */
export const memory: Reproduction = {
  name: 'memory',
  shows: 'peak memory of a search with 5 paths against that of training, with ResNet-164 and batches of 128',
  datasets: ['cifar10-sample', 'cifar10', 'cifar100'],
  takes: ['dataDir', 'seed'],
  scale: 'full',
  resumes: true,
  make: async (request) => {
    const made = await measure(request);
    const table = text(made);
    const notes = `Peaks are counted by the ${made.counted === 'live tensors' ? 'bytes of live tensors' : 'CUDA allocator'} on ${made.device}, the data set's ${megabytes(made.dataBytes)} left out; the paper's as its GPU showed them, in its "Mb".`;
    return {
      figures: [],
      files: {
        'memory.json': reproductionJson(made),
        'memory.csv': csvOf(made),
        'memory.md': `${markdownTable(table)}\n\n${notes}\n\n${verdictOf(made.claims)}\n`,
      },
      table: `${terminalTable(table)}\n${wrapped(notes)}`,
      claims: made.claims,
    };
  },
};

async function measure(request: ReproduceRequest): Promise<ReproducedMemory> {
  const { dataset, dataDir, seed, session, signal, onPart } = request;
  const scale = request.scale ?? 'full';
  const preset = `${dataset === 'cifar100' ? 'cifar100' : 'cifar10'}-resnet164`;
  const layers: readonly ConfigInput[] = [
    { ...presetAtScale(preset, scale), method: 'dsp-tt', seed },
    dataset === 'cifar10-sample' ? { dataset: { name: dataset }, selectOn: 'validation' } : {},
    dataDir === null ? {} : { dataset: { dir: dataDir } },
  ];
  const config = resolveConfig(layers.map((values) => ({ from: 'dsptt reproduce', values })));
  const onEvent = onPart('training and search');
  const worker = await session();
  onEvent?.({ type: 'phase', phase: 'training and search', steps: 4 });
  const executor = await worker.open(config, { signal });
  const { parameters, device } = executor.task;
  const measured = await measureMemory(executor, config, MEMORY.paths);
  return {
    schema: 1,
    table: 'memory',
    dataset,
    scale,
    network: `${config.model.name} ${JSON.stringify(config.model.args)}`,
    batchSize: config.batchSize === 'full' ? executor.task.samples.train : config.batchSize,
    parameters,
    paths: MEMORY.paths,
    device,
    ...measured,
    claims: memoryClaims({ ...measured, parameters, paths: MEMORY.paths }),
  };
}

/** Largest overhead of a search, as a part of training's peak, that counts as minor. */
const MINOR = 0.015;

/**
 * Checks the claim of section 5.3, a minor overhead, and the arithmetic behind it: one vector of parameters (4 bytes
 * each) for each path.
 */
export function memoryClaims(
  measured: MeasuredMemory & { readonly parameters: number; readonly paths: number },
): Claim[] {
  const { parameters, paths, pathsBytes } = measured;
  const vectors = pathsBytes / (4 * parameters);
  const overhead = overheadOf(measured);
  const printed = MEMORY.searchMb / MEMORY.trainingMb - 1;
  return [
    {
      claim: 'a path costs one vector of parameters',
      seen: `${paths} paths take ${fixed(vectors, 4)} vectors of ${parameters} parameters`,
      holds: Math.abs(vectors - paths) <= ROUNDING * paths,
    },
    {
      claim: `a search takes little more memory than training (there ${signed(100 * printed, 1)} %; here at most ${signed(100 * MINOR, 1)} %)`,
      seen: `the peak of a search is ${signed(100 * overhead, 2)} % of training's above it`,
      holds: overhead <= MINOR,
    },
  ];
}

/** Relative tolerance: CUDA allocates memory in blocks of 512 bytes. */
const ROUNDING = 1e-3;

/** Returns the excess of a search's peak over training's, as a part of the latter without the data set. */
export function overheadOf({ trainingPeakBytes, searchPeakBytes, dataBytes }: MeasuredMemory): number {
  return (searchPeakBytes - trainingPeakBytes) / (trainingPeakBytes - dataBytes);
}

function text(made: ReproducedMemory): TextTable {
  const own = (bytes: number) => megabytes(bytes - made.dataBytes);
  const head = ['peak memory', 'paper', 'ours'];
  const rows = [
    ['training', `${MEMORY.trainingMb} Mb`, own(made.trainingPeakBytes)],
    [`search, ${made.paths} paths`, `${MEMORY.searchMb} Mb`, own(made.searchPeakBytes)],
    [
      'more',
      `${signed(100 * (MEMORY.searchMb / MEMORY.trainingMb - 1), 2)} %`,
      `${signed(100 * overheadOf(made), 2)} %`,
    ],
    ['the paths alone', '-', megabytes(made.pathsBytes)],
  ];
  return { head, rows, texts: 1 };
}

function megabytes(bytes: number): string {
  return `${fixed(bytes / 2 ** 20, 1)} MiB`;
}

function csvOf({ claims: _, ...made }: ReproducedMemory): string {
  return csv(Object.keys(made), [Object.values(made)]);
}
