import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ANALYTIC_PRESETS } from '../config/presets/analytic';
import { type ConfigLayer, isAnalytic, resolveConfig } from '../config/resolve';
import { UsageError } from '../errors';
import { readTier0 } from '../experiment/run';
import { Session } from '../experiment/session';
import { findMethod, METHODS } from '../methods';
import { Progress } from '../report/progress';
import { summary } from '../report/summary';
import { ensemblesTable, membersTable } from '../report/tables';
import { freeDirectory } from '../store/run-directory';
import { interruptible } from './interrupt';
import { configLayers, count, type RunFlags, withRunFlags } from './options';
import { executeAnalytic } from './run-analytic';

const EXAMPLES = `
Examples:
  dsptt run --preset digits --method dsp-tt --seed 0 --out runs/first
  dsptt run --preset six-hump-camel             a closed-form objective: no Python is started
  dsptt run --preset himmelblau --direction dynamic --set search.paths=8

Closed-form objectives: ${Object.keys(ANALYTIC_PRESETS).join(', ')}`;

interface Flags extends RunFlags {
  readonly method?: string;
  readonly seed?: number;
  readonly direction?: string;
}

/** `dsptt run`: one method, one seed, one run directory. */
export function runCommand(): Command {
  return withRunFlags(new Command('run').description('run one method and keep what it finds in a run directory'))
    .option('--method <name>', `${Object.keys(METHODS).join(', ')} (default: dsp-tt)`)
    .option('--seed <n>', 'seed of all random streams', count)
    .option('--direction <kind>', 'on closed-form objectives: coordinate, hessian, random or dynamic search paths')
    .addHelpText('after', EXAMPLES)
    .action(execute);
}

async function execute(flags: Flags): Promise<void> {
  const layers = configLayers(flags);
  if (isAnalytic(layers)) return executeAnalytic(flags, layers);
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
  if (existsSync(out)) throw new UsageError(`${out} exists already: name another directory with --out, or remove it`);
  const given = await readTier0(flags.tier0);
  const progress = flags.quiet ? null : new Progress(process.stderr);
  progress?.begin(config.method);
  const result = await interruptible(async (signal) => {
    const session = await Session.start();
    try {
      return await session.run(config, { ...given, out, signal, onEvent: progress?.onEvent });
    } finally {
      progress?.done();
      await session.close();
    }
  });
  if (flags.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else
    process.stdout.write(`${membersTable(result)}\n\n${ensemblesTable(result)}\n\n${summary(result)}\nFiles: ${out}\n`);
}
