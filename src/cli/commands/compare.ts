import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type Contender, compare, finishedRuns, type RunOutcome } from '../../comparison/compare';
import { comparisonOf } from '../../comparison/contrast';
import { readRuns } from '../../comparison/finished-runs';
import { resolveConfig } from '../../config/resolve';
import { runStem } from '../../config/schema';
import { UsageError } from '../../errors';
import { findMethod } from '../../methods';
import { comparisonReport } from '../../report/comparison';
import { readTier0 } from '../../run/given-tier0';
import { mustFindFiles, mustTakeEma } from '../../run/preflight';
import { Sessions } from '../../run/session/sessions';
import { type Comparison, comparisonSchema } from '../../store/comparison';
import { writeFiles } from '../../store/disk/files';
import { freeDirectory } from '../../store/run-directory';
import { configLayers } from '../flags/config-flags';
import { checkpoints, type DurabilityFlags, supervision, withDurabilityFlags } from '../flags/durability';
import {
  formatOf,
  mustOnlyGive,
  type ReportFlags,
  type WorkerFlags,
  withReportFlags,
  withRunFlags,
  withWorkerFlags,
  workerChoice,
} from '../flags/options';
import { atLeastOne, list, seeds } from '../flags/parsers';
import { interruptible } from '../interrupt';
import { Displays, onlyNotices } from '../progress';

interface CompareFlags extends ReportFlags, DurabilityFlags, WorkerFlags {
  readonly resume?: boolean;
  readonly methods?: string[];
  readonly seeds?: number[];
  readonly atOnce?: number;
  readonly runs?: string[];
  readonly baseline?: string;
  readonly ensembles?: string[];
}

const AT_ONCE =
  'runs at a time, each in a worker of its own (default: 1), with one CPU thread unless --threads is given';

const EXAMPLES = `
Examples:
  dsptt compare --preset digits --methods dsp-tt,random-jump,snapshot,fge,independent,single --seeds 0-9
  dsptt compare --runs runs/digits-compare --baseline independent --ensembles tier-0-1,tier-1`;

/** Defines `dsptt compare`: statistics over several methods and seeds at the same budget, or over finished runs. */
export function compareCommand(command: Command): void {
  withReportFlags(withDurabilityFlags(withWorkerFlags(withRunFlags(command))))
    .option('--methods <names>', 'methods, separated by commas', list)
    .option('--seeds <numbers>', 'seeds, such as 0,1,2 or 0-9 (default: 0)', seeds)
    .option('--at-once <n>', AT_ONCE, atLeastOne)
    .option('--resume', 'resume the comparison in --out: its finished runs are not repeated')
    .option('--runs <dirs...>', 'read these finished runs, or directories of runs, instead of running anything')
    .option('--baseline <method>', 'method that the others are compared with (default: the first)')
    .option('--ensembles <names>', "ensembles to compare instead of each method's result", list)
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(flags: CompareFlags, command: Command): Promise<void> {
  const format = formatOf(flags);
  const { outcomes, out } =
    flags.runs === undefined ? await runMethods(flags) : await readFinished(flags.runs, flags, command);
  const comparison = comparisonSchema.parse(await comparisonOf(outcomes, flags));
  if (out !== null) await writeComparison(out, comparison);
  process.stdout.write(format === 'json' ? withResults(comparison, outcomes) : comparisonReport(comparison, format));
  if (format === 'terminal' && out !== null) process.stdout.write(`Files: ${out}\n`);
}

/** Adds the runs' results to the comparison on standard output, so that a script needs no files. */
function withResults(comparison: Comparison, outcomes: readonly RunOutcome[]): string {
  const results = finishedRuns(outcomes).map(({ result }) => result);
  return `${JSON.stringify({ ...comparison, results }, null, 2)}\n`;
}

async function writeComparison(out: string, comparison: Comparison): Promise<void> {
  await writeFiles(out, {
    'comparison.csv': comparisonReport(comparison, 'csv'),
    'comparison.md': comparisonReport(comparison, 'markdown'),
    'comparison.json': comparisonReport(comparison, 'json'),
  });
}

async function runMethods(flags: CompareFlags): Promise<{ outcomes: RunOutcome[]; out: string }> {
  const { methods, baseline } = flags;
  if (methods === undefined) throw new UsageError('say what to compare: --methods NAMES, or --runs DIRS');
  if (new Set(methods).size < methods.length) throw new UsageError(`--methods names one twice: ${methods.join(', ')}`);
  if (baseline !== undefined && !methods.some((method) => baseline.split(' ')[0] === method)) {
    throw new UsageError(`unknown baseline '${baseline}'; known: ${methods.join(', ')}`);
  }
  const { atOnce = 1, worker } = flags;
  if (atOnce > 1 && worker !== undefined) {
    throw new UsageError(`a worker on another machine does one run after the other: leave out --at-once ${atOnce}`);
  }
  // the lowest layer, so that files and flags override it: workers that share cores wait for each other
  const layers = [...(atOnce > 1 ? [{ from: '--at-once', values: { threads: 1 } }] : []), ...configLayers(flags)];
  const contenders = methods.map((method) => {
    findMethod(method);
    return { method, config: resolveConfig([...layers, { from: '--methods', values: { method } }]) };
  });
  for (const { config } of contenders) mustTakeEma(config);
  if (worker === undefined) mustFindFiles(contenders[0].config);
  const out = flags.out ?? freeDirectory(`runs/${runStem(contenders[0].config)}-compare`);
  const interrupted = `the comparison was interrupted; the same command with --out ${out} --resume goes on with it`;
  return { outcomes: await runAll(contenders, { ...flags, seeds: flags.seeds ?? [0], out }, interrupted), out };
}

/** Flags that are allowed with --runs, which runs nothing. */
const READING = [
  ...['--runs', '--methods', '--seeds', '--baseline', '--ensembles'],
  ...['--out', '--format', '--json', '--quiet'],
];

async function readFinished(runs: readonly string[], flags: CompareFlags, command: Command) {
  const complaint = (flag: string) => `--runs reads runs that have finished, so ${flag} has no meaning with it`;
  mustOnlyGive(command, READING, complaint);
  return { outcomes: await readRuns(runs, flags), out: flags.out ?? null };
}

/** Options of `runAll`. */
interface RunAllFlags extends DurabilityFlags, WorkerFlags {
  readonly out: string;
  readonly seeds: readonly number[];
  readonly atOnce?: number;
  readonly tier0?: string;
  readonly quiet?: boolean;
  readonly resume?: boolean;
}

/**
 * Runs contenders with a progress display, so that Ctrl-C ends them cleanly. Prints each diverged run on standard error
 * and sets exit code 1 for it.
 * @param interrupted message after Ctrl-C, instead of the one that resumes the single run that was interrupted
 * @throws UsageError if the directory exists and --resume is not given
 */
export async function runAll(
  contenders: readonly Contender[],
  flags: RunAllFlags,
  interrupted?: string,
): Promise<RunOutcome[]> {
  if (existsSync(flags.out) && !flags.resume) {
    throw new UsageError(
      `${flags.out} exists already: name another directory with --out, remove it, or resume it with --resume`,
    );
  }
  const given = await readTier0(flags.tier0);
  const { out, seeds, resume, atOnce = 1 } = flags;
  const outcomes = await interruptible(async (signal) => {
    const isOnCpu = contenders.every(({ config }) => config.device === 'cpu');
    const choice = workerChoice(flags, isOnCpu ? 'cpu' : 'auto');
    const sessions = new Sessions({ ...supervision(flags), ...choice });
    const displays = flags.quiet ? null : new Displays(atOnce);
    const onRun = ({ method }: Contender, seed: number) => {
      const title = `${method} (seed ${seed})`;
      return displays?.begin(title) ?? onlyNotices(title);
    };
    const onFewer = ({ message }: Error) => process.stderr.write(`one worker fewer: ${message}\n`);
    const startSession = (wanted: AbortSignal) => sessions.start(wanted);
    try {
      const how = { out, seeds, atOnce, resume, startSession, onFewer, ...checkpoints(flags), ...given, signal, onRun };
      return await compare(contenders, how);
    } finally {
      displays?.done();
      await sessions.close();
    }
  }, interrupted);
  for (const outcome of outcomes) {
    if (outcome.state === 'finished') continue;
    process.stderr.write(`${outcome.method} (seed ${outcome.seed}) failed: ${outcome.message}\n`);
    process.exitCode = 1;
  }
  return outcomes;
}
