import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type SweepCell, sweep } from '../../comparison/sweep';
import { resolveConfig } from '../../config/resolve';
import { runStem } from '../../config/schema';
import { UsageError } from '../../errors';
import { sweepReport } from '../../report/sweep';
import { readTier0 } from '../../run/given-tier0';
import { mustFindFiles } from '../../run/preflight';
import { Session } from '../../run/session/session';
import { writeFiles } from '../../store/disk/files';
import { freeDirectory } from '../../store/run-directory';
import { configLayers } from '../flags/config-flags';
import {
  formatOf,
  type PlaceFlags,
  placeChoice,
  type ReportFlags,
  withPlaceFlags,
  withReportFlags,
  withRunFlags,
} from '../flags/options';
import { count, numbers, seeds } from '../flags/parsers';
import { interruptible } from '../interrupt';
import { ProgressDisplay } from '../progress';

interface SweepFlags extends ReportFlags, PlaceFlags {
  readonly rho1: number[];
  readonly rho2: number[];
  readonly seeds: number[];
  readonly steps?: number;
}

/**
 * Defines `dsptt sweep`: when and where paths exit, for several paces of rho1 and calibration steps (figure 4 of the
 * paper).
 */
export function sweepCommand(command: Command): void {
  withPlaceFlags(withReportFlags(withRunFlags(command)))
    .requiredOption('--rho1 <numbers>', 'increments of rho1, separated by commas', numbers)
    .requiredOption('--rho2 <numbers>', "rho2 as multiples of the local solver's lr0, separated by commas", numbers)
    .option('--seeds <numbers>', 'seeds, such as 0,1 or 0-4', seeds, [0])
    .option('--steps <n>', "search steps a pair at most (default: what the preset's budget gives)", count)
    .addHelpText(
      'after',
      '\nExample:\n  dsptt sweep --preset digits --rho1 0.005,0.01,0.02 --rho2 0.01,0.1,1 --seeds 0-4',
    )
    .action(execute);
}

async function execute(flags: SweepFlags): Promise<void> {
  const format = formatOf(flags);
  const cells = flags.rho1.flatMap((increment) =>
    flags.rho2.map((rho2) => ({ rho1Increment: increment, rho2TimesLr: rho2 })),
  );
  const layers = configLayers(flags);
  const config = resolveConfig(layers);
  for (const cell of cells) resolveConfig([...layers, { from: '--rho1 and --rho2', values: settings(cell) }]);
  mustFindFiles(config);
  if (flags.steps === 0) throw new UsageError('--steps must be 1 or more');
  const out = flags.out ?? freeDirectory(`runs/${runStem(config)}-sweep`);
  if (existsSync(out)) throw new UsageError(`${out} exists already: name another directory with --out, or remove it`);
  const given = await readTier0(flags.tier0);
  const progress = flags.quiet ? null : new ProgressDisplay(process.stderr);
  const onPart = (seed: number, cell: SweepCell | null) => {
    progress?.begin(
      cell === null ? `seed ${seed}` : `seed ${seed}, rho1 ${cell.rho1Increment}, rho2 ${cell.rho2TimesLr}`,
    );
    return progress?.onEvent;
  };
  const rows = await interruptible(async (signal) => {
    const session = await Session.start(placeChoice(flags, config.device), signal);
    signal.addEventListener('abort', () => session.cancel());
    try {
      return await sweep(session, config, { ...given, cells, seeds: flags.seeds, steps: flags.steps, signal, onPart });
    } finally {
      progress?.done();
      await session.close();
    }
  });
  const swept = { schema: 1 as const, preset: config.preset, rows };
  await writeFiles(out, { 'sweep.csv': sweepReport(swept, 'csv'), 'sweep.json': sweepReport(swept, 'json') });
  process.stdout.write(sweepReport(swept, format));
  if (format === 'terminal') process.stdout.write(`Files: ${out}\n`);
}

/** Converts a cell to settings, so that the schema checks their ranges. */
function settings({ rho1Increment, rho2TimesLr }: SweepCell) {
  return { dspTt: { rho1: { increment: rho1Increment }, rho2TimesLr } };
}
