import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { DSPTT } from '../../command-name';
import { finishedRuns, type RunOutcome } from '../../comparison/compare';
import { comparisonOf } from '../../comparison/contrast';
import { rowOf, selectRows, summarised } from '../../comparison/rows';
import { resolveConfig } from '../../config/resolve';
import type { ConfigInput } from '../../config/schema';
import { comparisonTable } from '../../report/comparison';
import { terminalTable } from '../../report/render';
import { summary } from '../../report/summary';
import { wrapped } from '../../report/wrap';
import type { ComparisonRow } from '../../store/comparison';
import { freeDirectory } from '../../store/run-directory';
import { TIER0 } from '../../trust-tech/names';
import { runAll } from './compare';
import { setUpPython } from './setup';

/** The methods of the quickstart's table, in its order, with their settings. */
const CONTENDERS: readonly ConfigInput[] = [
  { method: 'single' },
  { method: 'dsp-tt' },
  { method: 'random-jump' },
  { method: 'snapshot' },
  { method: 'fge' },
  { method: 'independent', independent: { budgets: 6 } },
];

/** Results over ten seeds, which the package contains. */
const RESULTS = join(__dirname, '..', '..', '..', 'docs', 'results', 'digits.md');

/** Defines `dsptt quickstart`: DSP-TT and its rivals on real images, in under three minutes. */
export function quickstartCommand(command: Command): void {
  command
    .option('--quiet', 'print no progress')
    .addHelpText('after', '\nExample:\n  dsptt quickstart')
    .action(async ({ quiet }: { readonly quiet?: boolean }) => {
      if ((await setUpPython()) === undefined) return;
      const out = freeDirectory('runs/quickstart');
      const contenders = CONTENDERS.map((values) => {
        const config = resolveConfig([{ from: 'quickstart', values: { preset: 'digits', ...values } }]);
        return { method: config.method, config };
      });
      const outcomes = await runAll(contenders, { out, seeds: [0], ...(quiet && { quiet }) });
      const table = terminalTable(comparisonTable(await quickstartRows(outcomes)));
      process.stdout.write(`${table}\n\n${wrapped(closingWords(outcomes, out))}\n`);
    });
}

async function quickstartRows(outcomes: readonly RunOutcome[]): Promise<ComparisonRow[]> {
  const { rows } = await comparisonOf(outcomes);
  const titled = rows.map((row) =>
    row.method === 'independent' ? { ...row, title: `${row.title} (six budgets)` } : row,
  );
  return [...tier0Rows(outcomes), ...titled];
}

/** Returns the row of DSP-TT's tier 0 alone, with the steps and seconds of tier 0 alone. */
function tier0Rows(outcomes: readonly RunOutcome[]): ComparisonRow[] {
  const runs = finishedRuns(outcomes).filter(({ method }) => method === 'dsp-tt');
  const [{ result } = { result: undefined }] = runs;
  if (result === undefined) return [];
  const seconds = result.timings.phases.find(({ phase }) => phase === TIER0)?.seconds ?? null;
  return selectRows(runs, ['tier-0']).map((entries) => {
    const { scores, ...row } = rowOf(entries);
    const alone = scores.map((score) => ({
      ...score,
      values: { ...score.values, steps: result.budget.tier0, seconds },
    }));
    return summarised({ ...row, title: 'tier-0 alone', scores: alone });
  });
}

function closingWords(outcomes: readonly RunOutcome[], out: string): string {
  const found = finishedRuns(outcomes).flatMap(({ method, result }) => (method === 'dsp-tt' ? summary(result) : []));
  return (
    `${found.join('')}\nNetworks, traces and result.json of every row lie in ${out}; one seed proves little: try ` +
    `\`${DSPTT} compare --preset digits --methods dsp-tt,random-jump,single --seeds 0-9\`, or read ${relative('.', RESULTS)}.`
  );
}
