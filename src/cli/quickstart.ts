import { Command } from 'commander';
import { resolveConfig } from '../config/resolve';
import type { ConfigInput } from '../config/schema';
import { summary } from '../report/summary';
import { comparisonTable, type Row, resultRows } from '../report/tables';
import type { Result } from '../store/result';
import { freeDirectory } from '../store/run-directory';
import { runAll } from './compare';

/** The methods of the quickstart's table, in its order, and what each of them needs said. */
const CONTENDERS: readonly ConfigInput[] = [
  { method: 'single' },
  { method: 'dsp-tt' },
  { method: 'random-jump' },
  { method: 'snapshot' },
  { method: 'fge' },
  { method: 'independent', independent: { budgets: 6 } },
];

/** `dsptt quickstart`: the main job on real images, and its rivals beside it, in under three minutes. */
export function quickstartCommand(): Command {
  return new Command('quickstart')
    .description('find tier-1 optima of a small network on real images, and compare with the other ways to an ensemble')
    .option('--quiet', 'print no progress')
    .action(async ({ quiet }: { readonly quiet?: boolean }) => {
      const out = freeDirectory('runs/quickstart');
      const contenders = CONTENDERS.map((values) => {
        const config = resolveConfig([{ from: 'quickstart', values: { preset: 'digits', ...values } }]);
        return { method: config.method, config };
      });
      const results = await runAll(contenders, { out, seeds: [0], ...(quiet && { quiet }) });
      process.stdout.write(`${comparisonTable(quickstartRows(results))}\n\n${closingWords(results, out)}\n`);
    });
}

function quickstartRows(results: readonly Result[]): Row[] {
  const rows = resultRows(results).map((row) =>
    row.title === 'independent' ? { ...row, title: 'independent (six budgets)' } : row,
  );
  return [...results.filter(({ method }) => method === 'dsp-tt').map(tier0Row), ...rows];
}

function tier0Row({ ensembles, budget, timings }: Result): Row {
  const phase = timings.phases.find((timed) => timed.phase === 'tier0');
  const steps = budget.tier0;
  return {
    title: 'tier-0 alone',
    ensembles: ensembles.filter(({ name }) => name === 'tier-0'),
    steps,
    seconds: phase?.seconds ?? null,
  };
}

function closingWords(results: readonly Result[], out: string): string {
  const found = results.filter(({ method }) => method === 'dsp-tt').map(summary);
  return (
    `${found.join('')}\nNetworks, traces and result.json of every row lie in ${out}; one seed proves little: try ` +
    '`npx --no dsptt compare --preset digits --methods dsp-tt,random-jump,single --seeds 0,1,2,3,4`, or read docs/results/digits.md.'
  );
}
