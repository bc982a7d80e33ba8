import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ANALYTIC_PRESETS } from '../config/presets/analytic';
import { type ConfigLayer, isAnalytic, resolveConfig } from '../config/resolve';
import { UsageError } from '../errors';
import { readTier0 } from '../experiment/run';
import { Session } from '../experiment/session';
import { findMethod, METHODS } from '../methods';
import { Progress } from '../report/progress';
import { freeDirectory } from '../store/run-directory';
import { checkpoints, type DurabilityFlags, supervision, withDurabilityFlags } from './durability';
import { interruptible } from './interrupt';
import { type LogFlags, logged, type OnCommand, withLogFlags } from './logging';
import {
  configLayers,
  count,
  type RunFlags,
  type WorkerFlags,
  withRunFlags,
  withWorkerFlags,
  workerOf,
} from './options';
import { printRun } from './print-run';
import { type ViewFlags, viewed, withViewFlags } from './viewing';

const analytic = (): typeof import('./run-analytic') => require('./run-analytic');

const EXAMPLES = `
Examples:
  dsptt run --preset digits --method dsp-tt --seed 0 --out runs/first
  dsptt run --preset six-hump-camel             a closed-form objective: no Python is started
  dsptt run --preset himmelblau --direction dynamic --set search.paths=8

Closed-form objectives: ${Object.keys(ANALYTIC_PRESETS).join(', ')}`;

interface Flags extends RunFlags, DurabilityFlags, WorkerFlags, ViewFlags, LogFlags {
  readonly resume?: boolean;
  readonly method?: string;
  readonly seed?: number;
  readonly direction?: string;
}

/** `dsptt run`: one method, one seed, one run directory. */
export function runCommand(): Command {
  const command = new Command('run').description('run one method and keep what it finds in a run directory');
  return withLogFlags(withViewFlags(withDurabilityFlags(withWorkerFlags(withRunFlags(command)))))
    .option('--resume', 'go on with the run in --out, where there is one that has not finished')
    .option('--method <name>', `${Object.keys(METHODS).join(', ')} (default: dsp-tt)`)
    .option('--seed <n>', 'seed of all random streams', count)
    .option('--direction <kind>', 'on closed-form objectives: coordinate, hessian, random or dynamic search paths')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(flags: Flags): Promise<void> {
  const layers = configLayers(flags);
  if (isAnalytic(layers)) {
    if (flags.watch !== undefined) throw new UsageError('--watch is for networks: this takes a moment only');
    if (flags.log !== undefined) throw new UsageError('--log is for networks: this run has no curves to show');
    return analytic().executeAnalytic(flags, layers);
  }
  if (flags.direction !== undefined) {
    throw new UsageError(`--direction is for closed-form objectives: ${Object.keys(ANALYTIC_PRESETS).join(', ')}`);
  }
  await executeNetwork(flags, layers);
}

async function executeNetwork(flags: Flags, layers: readonly ConfigLayer[]): Promise<void> {
  const { method, seed } = flags;
  const values = { ...(method !== undefined && { method }), ...(seed !== undefined && { seed }) };
  const config = resolveConfig([...layers, { from: 'command line', values }]);
  findMethod(config.method);
  const out =
    flags.out ?? freeDirectory(`runs/${config.preset ?? config.dataset.name}-${config.method}-${config.seed}`);
  if (existsSync(out) && !flags.resume) {
    throw new UsageError(
      `${out} exists already: name another directory with --out, remove it, or go on with its run by --resume`,
    );
  }
  const targets = flags.log ?? [];
  const given = await readTier0(flags.tier0);
  const progress = flags.quiet ? null : new Progress(process.stderr);
  progress?.begin(config.method);
  const { resume } = flags;
  const perform = async (signal: AbortSignal) => {
    const session = await Session.start({ ...supervision(flags), worker: workerOf(flags) });
    try {
      const onEvent = progress?.onEvent;
      const options = { ...given, ...checkpoints(flags), out, resume, signal, onEvent };
      const onNotice =
        progress === null ? undefined : (message: string) => progress.onEvent({ type: 'notice', message });
      const run = (onCommand?: OnCommand) => session.run(config, { ...options, onCommand });
      return await logged({ targets, directory: out, config, onNotice }, run);
    } finally {
      progress?.done();
      await session.close();
    }
  };
  const result = await interruptible((signal) => viewed(out, flags, () => perform(signal)));
  printRun(result, out, flags);
}
