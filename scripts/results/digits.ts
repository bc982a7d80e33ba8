/**
 * Makes all digits results: `ts-node -T scripts/results/digits.ts tune FILE.jsonl [METHOD...]` tries each method's grid on
 * validation data (seeds 100 to 104), `... compare FILE.jsonl [TITLE...]` runs the chosen settings (seeds 0 to 9), and
 * `... report TUNE.jsonl COMPARE.jsonl` prints both as Markdown. docs/results/digits.md is its output. `--quick` tries
 * it in seconds: one seed and a few steps of each, and the first setting of each grid.
 */
import { readFileSync } from 'node:fs';
import { SMOKE } from '../../src/config/presets/scales';
import { CHOSEN, GRIDS } from './digits-grids';
import { compareReport, tuneReport } from './digits-report';
import type { Row } from './row';
import { runAll, type Setting } from './run-all';
import { readWords, type Words } from './words';

const BASE = { preset: 'digits' };

const TUNING_SEEDS = [100, 101, 102, 103, 104];
const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

async function tune(file: string, methods: readonly string[], quick: boolean): Promise<void> {
  const grids = Object.entries(GRIDS).filter(([method]) => methods.length === 0 || methods.includes(method));
  const settings = grids.flatMap(([method, grid]) =>
    (quick ? grid.slice(0, 1) : grid).map((values) => ({
      title: JSON.stringify(values),
      config: { method, ...values },
    })),
  );
  await runOrTry(file, settings, TUNING_SEEDS, quick);
}

async function compare(file: string, titles: readonly string[], quick: boolean): Promise<void> {
  const chosen = Object.entries(CHOSEN).filter(([title]) => titles.length === 0 || titles.includes(title));
  await runOrTry(
    file,
    chosen.map(([title, config]) => ({ title, config })),
    SEEDS,
    quick,
  );
}

function runOrTry(file: string, settings: readonly Setting[], seeds: readonly number[], quick: boolean): Promise<void> {
  return quick ? runAll(file, BASE, settings, seeds.slice(0, 1), SMOKE) : runAll(file, BASE, settings, seeds);
}

function read(file: string): Row[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

async function main({ words: [command, ...args], quick }: Words): Promise<void> {
  if (command === 'tune') await tune(args[0], args.slice(1), quick);
  else if (command === 'compare') await compare(args[0], args.slice(1), quick);
  else if (command === 'report') console.log(`${tuneReport(read(args[0]))}\n\n${compareReport(read(args[1]))}`);
  else throw new Error(`tune, compare or report, got '${command}'`);
}

main(readWords()).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
