import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { ANALYTIC_PRESETS } from '../../config/presets/closed-form';
import { type ConfigLayer, isAnalytic, resolveConfig } from '../../config/resolve';
import { runStem } from '../../config/schema';
import { UsageError } from '../../errors';
import { findMethod } from '../../methods';
import { readTier0 } from '../../run/given-tier0';
import { mustFindFiles, mustTakeEma } from '../../run/preflight';
import { Session } from '../../run/session/session';
import { freeDirectory } from '../../store/run-directory';
import { configLayers } from '../flags/config-flags';
import { checkpoints, type DurabilityFlags, supervision, withDurabilityFlags } from '../flags/durability';
import { type ViewFlags, viewed, withViewFlags } from '../flags/live-view';
import { type RunFlags, type WorkerFlags, withRunFlags, withWorkerFlags, workerChoice } from '../flags/options';
import { atLeastOne } from '../flags/parsers';
import { type LogFlags, logged, type OnCommand, withLogFlags } from '../flags/trackers';
import { interruptible } from '../interrupt';
import { type PrintFlags, printRun, REQUIRE_MEMBERS } from '../print-run';
import { onlyNotices, ProgressDisplay } from '../progress';

const closedForm = (): typeof import('./run-closed-form') => require('./run-closed-form');

const EXAMPLES = `
Examples:
  dsptt run --preset digits --method dsp-tt --seed 0 --out runs/first
  dsptt run --preset six-hump-camel             a closed-form objective: no Python is started
  dsptt run --preset himmelblau --direction dynamic --set search.paths=8

Closed-form objectives: ${Object.keys(ANALYTIC_PRESETS).join(', ')}`;

interface Flags extends RunFlags, DurabilityFlags, WorkerFlags, ViewFlags, LogFlags, PrintFlags {
  readonly resume?: boolean;
  readonly direction?: string;
}

/** Defines `dsptt run`: one method, one seed, one run directory. */
export function runCommand(command: Command): void {
  withLogFlags(withViewFlags(withDurabilityFlags(withWorkerFlags(withRunFlags(command)))))
    .option(REQUIRE_MEMBERS.flag, REQUIRE_MEMBERS.help, atLeastOne)
    .option('--resume', 'resume the run in --out, if there is one that has not finished')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(flags: Flags, command: Command): Promise<void> {
  const layers = configLayers(flags);
  if (isAnalytic(layers)) return closedForm().executeAnalytic(flags, layers, command);
  if (flags.direction !== undefined) {
    throw new UsageError(`--direction is for closed-form objectives: ${Object.keys(ANALYTIC_PRESETS).join(', ')}`);
  }
  await executeNetwork(flags, layers);
}

async function executeNetwork(flags: Flags, layers: readonly ConfigLayer[]): Promise<void> {
  const config = resolveConfig(layers);
  findMethod(config.method);
  mustTakeEma(config);
  if (flags.worker === undefined) mustFindFiles(config);
  const out = flags.out ?? freeDirectory(`runs/${runStem(config)}-${config.method}-${config.seed}`);
  if (existsSync(out) && !flags.resume) {
    throw new UsageError(
      `${out} exists already: name another directory with --out, remove it, or resume its run with --resume`,
    );
  }
  const targets = flags.log ?? [];
  const given = await readTier0(flags.tier0);
  const progress = flags.quiet ? null : new ProgressDisplay(process.stderr);
  progress?.begin(config.method);
  const { resume } = flags;
  const perform = async (signal: AbortSignal) => {
    const session = await Session.start({ ...supervision(flags), ...workerChoice(flags, config.device) }, signal);
    try {
      const onEvent = progress?.onEvent ?? onlyNotices();
      const options = { ...given, ...checkpoints(flags), out, resume, signal, onEvent };
      const onNotice = progress ? (message: string) => progress.onEvent({ type: 'notice', message }) : undefined;
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
