/**
 * Measures every promised speed side by side: `npm run bench [-- --quick] [--only a,b] [--pairs N] [--json FILE]
 * [--markdown FILE] [--device cpu|cuda]`. Ends with 0 even if a target is missed, and with 1 if a bench could not be
 * run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions } from './bench';
import { BENCHES } from './benches';
import { environment } from './measure/environment';
import { markdownReport, type Report, terminalReport } from './measure/report';

const PAIRS = { quick: 2, full: 15 };
const text = { type: 'string' } as const;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { quick: { type: 'boolean' }, only: text, pairs: text, json: text, markdown: text, device: text },
  });
  const { quick = false, device = 'cpu' } = values;
  const pairs = Number(values.pairs ?? (quick ? PAIRS.quick : PAIRS.full));
  if (!Number.isSafeInteger(pairs) || pairs < 1) throw new Error(`--pairs must be 1 or more, got ${values.pairs}`);
  const chosen = choose(values.only);
  const begun = performance.now();
  const found = await runAll(chosen, { quick, pairs, device });
  const command = ['npm run bench --', ...args].join(' ').replace(/ --$/, '');
  const seconds = (performance.now() - begun) / 1000;
  const report: Report = { schema: 1, command, quick, environment: environment(device), ...found, seconds };
  console.log(terminalReport(report));
  if (values.json !== undefined) write(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.markdown !== undefined) write(values.markdown, markdownReport(report));
  return report.failures.length > 0 ? 1 : 0;
}

/** @throws Error on a name that no bench has */
function choose(only: string | undefined): readonly Bench[] {
  if (only === undefined) return BENCHES;
  return only.split(',').map((name) => {
    const bench = BENCHES.find((known) => known.name === name);
    if (bench) return bench;
    throw new Error(`there is no bench '${name}'; known: ${BENCHES.map((known) => known.name).join(', ')}`);
  });
}

/** Runs benches one after the other; a bench that fails does not stop the others. */
async function runAll(benches: readonly Bench[], options: BenchOptions): Promise<Pick<Report, 'rows' | 'failures'>> {
  const rows: Report['rows'] = [];
  const failures: Report['failures'] = [];
  for (const bench of benches) {
    const begun = performance.now();
    try {
      rows.push(...(await bench.run(options)));
    } catch (error) {
      console.error(error);
      failures.push({ bench: bench.name, message: error instanceof Error ? error.message : String(error) });
    }
    console.error(`${bench.name}: ${bench.compares} (${((performance.now() - begun) / 1000).toFixed(0)} s)`);
  }
  return { rows, failures };
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
