import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { PRESET_SIZES, type PresetSize } from '../../config/scale';
import { UsageError } from '../../errors';
import { findReproduction, REPRODUCTIONS } from '../../paper';
import {
  DATASETS,
  type ReproduceDataset,
  type Reproduced,
  type Reproduction,
  type ReproductionSetting,
  verdictOf,
} from '../../paper/reproduction';
import { ARCHITECTURES } from '../../paper/table-rows';
import { writeFigure } from '../../report/figures/write';
import { Sessions } from '../../run/session/sessions';
import { writeFiles } from '../../store/disk/files';
import { type PlaceFlags, placeChoice, withPlaceFlags } from '../flags/options';
import { atLeastOne, count, list, seeds } from '../flags/parsers';
import { interruptible } from '../interrupt';
import { Displays } from '../progress';

interface Flags extends PlaceFlags {
  readonly out?: string;
  readonly seed?: number;
  readonly seeds?: number[];
  readonly dataset?: ReproduceDataset;
  readonly dataDir?: string;
  readonly scale?: PresetSize;
  readonly architecture?: string[];
  readonly atOnce?: number;
  readonly quick?: boolean;
  readonly quiet?: boolean;
}

const OUT =
  'directory for the files, which must not exist (default: reproduced/FIGURE); for tables with --scale it may, and its finished runs are reused (default: reproduced/DATASET-SCALE)';

const EXAMPLES = `
Examples:
  dsptt reproduce fig3a
  dsptt reproduce table2 --dataset cifar10 --data-dir ~/cifar --scale reduced --seeds 0-2 --at-once 2`;

/**
 * Defines `dsptt reproduce FIGURE`: it reproduces a figure or table of the paper, and checks the paper's claims on it.
 */
export function reproduceCommand(command: Command): void {
  const known = REPRODUCTIONS.map(({ name, shows, datasets }) => {
    const on = datasets.length > 0 ? ` (on ${datasets.join(', ')})` : '';
    return `  ${name.padEnd(8)}${shows}${on}`;
  });
  const names = [...new Set(REPRODUCTIONS.map(({ name }) => name))].join(', ');
  withPlaceFlags(command)
    .argument('<figure>', names)
    .option('--out <dir>', OUT)
    .addOption(
      new Option('--dataset <name>', 'data set (default: the first that the list below names)').choices(DATASETS),
    )
    .option('--data-dir <dir>', "folder with the data set's files")
    .addOption(
      new Option('--scale <scale>', 'how large the runs of a table on CIFAR are (default: reduced)').choices(
        PRESET_SIZES,
      ),
    )
    .option(
      '--architecture <names>',
      `networks of table 2: ${Object.keys(ARCHITECTURES).join(', ')}, separated by commas`,
      list,
    )
    .option('--seed <n>', 'seed of all random streams (default: 0)', count)
    .option('--seeds <numbers>', 'seeds, such as 0,1 or 0-4, where means are shown', seeds)
    .option('--at-once <n>', 'runs at a time, each in a worker of its own (default: 1); changes no result', atLeastOne)
    .option('--quick', 'few steps and seeds: to see that it works, not to compare with the paper')
    .option('--quiet', 'print no progress')
    .addHelpText('after', `\nFigures and tables:\n${known.join('\n')}\n${EXAMPLES}`)
    .action(execute);
}

async function execute(name: string, flags: Flags): Promise<void> {
  const reproduction = findReproduction(name, flags.dataset);
  mustFit(reproduction, flags);
  const dataset = flags.dataset ?? reproduction.datasets[0] ?? 'digits';
  const scale = flags.scale ?? reproduction.scale;
  const out = flags.out ?? join('reproduced', reproduction.resumes ? folderOf(dataset, scale) : name);
  if (!reproduction.resumes && existsSync(out))
    throw new UsageError(`${out} exists already: name another directory with --out, or remove it`);
  const made = await make(reproduction, flags, { out, dataset, scale });
  const files = (await Promise.all(made.figures.map((figure) => writeFigure(out, figure)))).flat();
  await writeFiles(out, made.files);
  files.push(...Object.keys(made.files).map((file) => join(out, file)));
  const parts = [made.table, `Files: ${files.join(', ')}`, made.claims.length > 0 ? verdictOf(made.claims) : ''];
  process.stdout.write(`${parts.filter((part) => part !== '').join('\n')}\n`);
}

/**
 * Returns the default directory of a data set and scale: tables share it, and so the runs that several of them show.
 */
function folderOf(dataset: ReproduceDataset, scale: PresetSize | null): string {
  return dataset === 'digits' || scale === null ? dataset : `${dataset}-${scale}`;
}

/** The setting that each flag states, and the error if the figure would ignore it. */
const FLAGS: readonly {
  readonly flag: keyof Flags;
  readonly setting: ReproductionSetting;
  readonly else: (name: string) => string;
}[] = [
  { flag: 'dataDir', setting: 'dataDir', else: (name) => `${name} takes no --data-dir` },
  { flag: 'seeds', setting: 'seeds', else: (name) => `${name} has one seed: give --seed` },
  { flag: 'seed', setting: 'seed', else: (name) => `${name} shows means: give --seeds` },
  { flag: 'quick', setting: 'quick', else: (name) => `${name} takes no --quick` },
  { flag: 'architecture', setting: 'architectures', else: (name) => `${name} takes no --architecture` },
  { flag: 'atOnce', setting: 'atOnce', else: (name) => `${name} takes no --at-once` },
];

/**
 * Refuses a flag that the figure would ignore.
 * @throws UsageError on the first one
 */
function mustFit({ name, takes, scale, datasets }: Reproduction, flags: Flags): void {
  const ignored = FLAGS.find(({ flag, setting }) => flags[flag] !== undefined && !takes.includes(setting));
  if (ignored !== undefined) throw new UsageError(ignored.else(name));
  if (flags.scale === undefined || (scale !== null && flags.dataset !== 'digits')) return;
  const on = datasets.length > 0 ? ` on ${flags.dataset ?? datasets[0]}` : '';
  throw new UsageError(`${name}${on} takes no --scale`);
}

/** Runs a reproduction with a progress display and the workers that it requests, so that Ctrl-C ends all cleanly. */
async function make(
  reproduction: Reproduction,
  flags: Flags,
  where: { readonly out: string; readonly dataset: ReproduceDataset; readonly scale: PresetSize | null },
): Promise<Reproduced> {
  return interruptible(async (signal) => {
    const atOnce = flags.atOnce ?? 1;
    const workers = new Sessions(placeChoice(flags));
    signal.addEventListener('abort', () => workers.cancel());
    const displays = flags.quiet ? null : new Displays(atOnce);
    const onPart = (title: string) => displays?.begin(`${reproduction.name}: ${title}`);
    try {
      return await reproduction.make({
        ...where,
        seed: flags.seed ?? 0,
        seeds: flags.seeds ?? null,
        dataDir: flags.dataDir ?? null,
        quick: flags.quick ?? false,
        architectures: flags.architecture ?? null,
        atOnce,
        session: () => workers.first(),
        startSession: (wanted) => workers.start(wanted),
        signal,
        onPart,
      });
    } catch (error) {
      // it did not exist before, and the next attempt refuses an existing directory
      if (!reproduction.resumes) await rm(where.out, { recursive: true, force: true });
      throw error;
    } finally {
      displays?.done();
      await workers.close();
    }
  });
}
