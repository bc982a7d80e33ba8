import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { UsageError } from '../errors';
import { Session } from '../experiment/session';
import { findReproduction, REPRODUCTIONS } from '../paper';
import { DATASETS, type ReproduceDataset, type Reproduced, type Reproduction, verdictOf } from '../paper/reproduction';
import { writeFigure } from '../report/figures/write';
import { Progress } from '../report/progress';
import { writeFiles } from '../store/files';
import { interruptible } from './interrupt';
import { count, seeds } from './options';

interface Flags {
  readonly out?: string;
  readonly seed?: number;
  readonly seeds?: number[];
  readonly dataset?: ReproduceDataset;
  readonly dataDir?: string;
  readonly quick?: boolean;
  readonly quiet?: boolean;
}

/** `dsptt reproduce FIGURE`: a figure or table of the paper, made here, and whether it shows what the paper claims. */
export function reproduceCommand(): Command {
  const known = REPRODUCTIONS.map(({ name, shows }) => `  ${name.padEnd(8)}${shows}`);
  return new Command('reproduce')
    .description('make a figure or table of the paper: pictures as SVG, numbers as CSV, and whether they agree with it')
    .argument('<figure>', 'fig2, fig3a, fig3b, fig3c, fig4 or table1')
    .option('--out <dir>', 'directory for the files, which must not exist (default: reproduced/FIGURE)')
    .option('--seed <n>', 'seed of all random streams (default: 0)', count)
    .option('--seeds <numbers>', 'seeds, such as 0,1 or 0-4, where means are shown', seeds)
    .addOption(new Option('--dataset <name>', 'for fig3a and fig3b (default: digits)').choices(DATASETS))
    .option('--data-dir <dir>', "folder with the data set's files")
    .option('--quick', 'few steps and seeds: to see that it works, not to compare with the paper')
    .option('--quiet', 'print no progress')
    .addHelpText('after', `\nFigures:\n${known.join('\n')}\n\nExample:\n  dsptt reproduce fig3a`)
    .action(execute);
}

async function execute(name: string, flags: Flags): Promise<void> {
  const reproduction = findReproduction(name);
  mustFit(reproduction, flags);
  const out = flags.out ?? join('reproduced', name);
  if (existsSync(out)) throw new UsageError(`${out} exists already: name another directory with --out, or remove it`);
  const made = await make(reproduction, flags, out);
  const files = (await Promise.all(made.figures.map((figure) => writeFigure(out, figure)))).flat();
  await writeFiles(out, made.files);
  files.push(...Object.keys(made.files).map((file) => join(out, file)));
  const parts = [made.table, `Files: ${files.join(', ')}`, verdictOf(made.claims)];
  process.stdout.write(`${parts.filter((part) => part !== '').join('\n')}\n`);
}

/** @throws UsageError on a flag that the figure would ignore. */
function mustFit({ name, takes }: Reproduction, flags: Flags): void {
  if (flags.dataset !== undefined && !takes.includes('dataset')) throw new UsageError(`${name} takes no --dataset`);
  if (flags.dataDir !== undefined && !takes.includes('dataDir')) throw new UsageError(`${name} takes no --data-dir`);
  if (flags.seeds !== undefined && !takes.includes('seeds')) throw new UsageError(`${name} has one seed: give --seed`);
  if (flags.seed !== undefined && takes.includes('seeds')) throw new UsageError(`${name} shows means: give --seeds`);
}

/** Make it with a display and, where it needs one, a worker, so that Ctrl-C ends both cleanly. */
async function make(reproduction: Reproduction, flags: Flags, out: string): Promise<Reproduced> {
  return interruptible(async (signal) => {
    const progress = flags.quiet ? null : new Progress(process.stderr);
    const worker: { started?: Promise<Session> } = {};
    const session = () => {
      worker.started ??= Session.start();
      return worker.started;
    };
    const cancel = () => void worker.started?.then((running) => running.cancel());
    signal.addEventListener('abort', cancel);
    try {
      return await reproduction.make({
        seed: flags.seed ?? 0,
        seeds: flags.seeds ?? null,
        dataset: flags.dataset ?? 'digits',
        dataDir: flags.dataDir ?? null,
        quick: flags.quick ?? false,
        out,
        session,
        signal,
        onPart: (title) => {
          progress?.begin(`${reproduction.name}: ${title}`);
          return progress?.onEvent;
        },
      });
    } catch (error) {
      await rm(out, { recursive: true, force: true }); // it did not exist before, and the next try needs its name
      throw error;
    } finally {
      progress?.done();
      await (await worker.started)?.close();
    }
  });
}
