import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { resolveConfig } from '../config/resolve';
import { UsageError } from '../errors';
import { type Contender, compare } from '../experiment/compare';
import { readTier0 } from '../experiment/run';
import { Session } from '../experiment/session';
import { findMethod } from '../methods';
import { Progress } from '../report/progress';
import { comparisonTable, resultRows } from '../report/tables';
import type { Result } from '../store/result';
import { freeDirectory } from '../store/run-directory';
import { interruptible } from './interrupt';
import { configLayers, count, list, type RunFlags, withRunFlags } from './options';

/** `dsptt compare`: several methods, and seeds, at the same budget. */
export function compareCommand(): Command {
  return withRunFlags(
    new Command('compare').description('run several methods at the same budget and print them side by side'),
  )
    .requiredOption('--methods <names>', 'methods, separated by commas', list)
    .option('--seeds <numbers>', 'seeds, separated by commas', (text) => list(text).map(count), [0])
    .addHelpText(
      'after',
      '\nExample:\n  dsptt compare --preset digits --methods dsp-tt,snapshot,fge,independent,single --seeds 0,1,2',
    )
    .action(execute);
}

async function execute(flags: RunFlags & { readonly methods: string[]; readonly seeds: number[] }): Promise<void> {
  const layers = configLayers(flags);
  const contenders = flags.methods.map((method) => {
    findMethod(method);
    return { method, config: resolveConfig([...layers, { from: '--methods', values: { method } }]) };
  });
  const { preset, dataset } = contenders[0].config;
  const out = flags.out ?? freeDirectory(`runs/${preset ?? dataset.name}-compare`);
  const results = await runAll(contenders, { ...flags, out });
  if (flags.json) process.stdout.write(`${JSON.stringify({ schema: 1, results }, null, 2)}\n`);
  else process.stdout.write(`${comparisonTable(resultRows(results))}\nFiles: ${out}\n`);
}

/** Run contenders with a display, so that Ctrl-C ends them cleanly. */
export async function runAll(
  contenders: readonly Contender[],
  flags: { readonly out: string; readonly seeds: readonly number[]; readonly tier0?: string; readonly quiet?: boolean },
): Promise<Result[]> {
  if (existsSync(flags.out))
    throw new UsageError(`${flags.out} exists already: name another directory with --out, or remove it`);
  const given = await readTier0(flags.tier0);
  return interruptible(async (signal) => {
    const session = await Session.start();
    const progress = flags.quiet ? null : new Progress(process.stderr);
    const onRun = ({ method }: Contender, seed: number) => {
      progress?.begin(`${method} (seed ${seed})`);
      return progress?.onEvent;
    };
    try {
      return await compare(session, contenders, { out: flags.out, seeds: flags.seeds, ...given, signal, onRun });
    } finally {
      progress?.done();
      await session.close();
    }
  });
}
