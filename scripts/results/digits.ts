/**
 * The digits results, whole: `ts-node -T scripts/results/digits.ts tune FILE.jsonl [METHOD...]` tries each method's grid on
 * validation data (seeds 100 to 104), `... compare FILE.jsonl [TITLE...]` runs the chosen settings (seeds 0 to 9), and
 * `... report TUNE.jsonl COMPARE.jsonl` prints both as Markdown. docs/results/digits.md is what it printed.
 */
import { readFileSync } from 'node:fs';
import { CHOSEN, GRIDS } from './digits-grids';
import { compareReport, tuneReport } from './digits-report';
import type { Row } from './row';
import { runAll } from './run-all';

const BASE = { preset: 'digits' };

const TUNING_SEEDS = [100, 101, 102, 103, 104];
const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

async function tune(file: string, methods: readonly string[]): Promise<void> {
  const grids = Object.entries(GRIDS).filter(([method]) => methods.length === 0 || methods.includes(method));
  const settings = grids.flatMap(([method, grid]) =>
    grid.map((values) => ({ title: JSON.stringify(values), config: { method, ...values } })),
  );
  await runAll(file, BASE, settings, TUNING_SEEDS);
}

async function compare(file: string, titles: readonly string[]): Promise<void> {
  const chosen = Object.entries(CHOSEN).filter(([title]) => titles.length === 0 || titles.includes(title));
  await runAll(
    file,
    BASE,
    chosen.map(([title, config]) => ({ title, config })),
    SEEDS,
  );
}

function read(file: string): Row[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === 'tune') await tune(args[0], args.slice(1));
  else if (command === 'compare') await compare(args[0], args.slice(1));
  else if (command === 'report') console.log(`${tuneReport(read(args[0]))}\n\n${compareReport(read(args[1]))}`);
  else throw new Error(`tune, compare or report, got '${command}'`);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
