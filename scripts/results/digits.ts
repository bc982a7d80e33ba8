/**
 * The digits results, whole: `ts-node -T scripts/results/digits.ts tune FILE.jsonl [METHOD...]` tries each method's grid on
 * validation data (seeds 100 to 104), `... compare FILE.jsonl [TITLE...]` runs the chosen settings (seeds 0 to 9), and
 * `... report TUNE.jsonl COMPARE.jsonl` prints both as Markdown. docs/results/digits.md is what it printed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigInput, type Result, resolveConfig, Session } from '../../src';
import { CHOSEN, GRIDS } from './digits-grids';
import { compareReport, tuneReport } from './digits-report';
import { HEADER, measure, type Row } from './digits-row';

const TUNING_SEEDS = [100, 101, 102, 103, 104];
const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

async function tune(file: string, methods: readonly string[]): Promise<void> {
  const grids = Object.entries(GRIDS).filter(([method]) => methods.length === 0 || methods.includes(method));
  const settings = grids.flatMap(([method, grid]) =>
    grid.map((values) => ({ title: JSON.stringify(values), config: { method, ...values } })),
  );
  await runAll(file, settings, TUNING_SEEDS);
}

async function compare(file: string, titles: readonly string[]): Promise<void> {
  const chosen = Object.entries(CHOSEN).filter(([title]) => titles.length === 0 || titles.includes(title));
  await runAll(
    file,
    chosen.map(([title, config]) => ({ title, config })),
    SEEDS,
  );
}

async function runAll(
  file: string,
  settings: readonly { title: string; config: ConfigInput }[],
  seeds: readonly number[],
) {
  const rows: string[] = [HEADER];
  const session = await Session.start();
  const folder = mkdtempSync(join(tmpdir(), 'digits-'));
  try {
    for (const { title, config } of settings) {
      for (const seed of seeds) {
        const resolved = resolveConfig([{ from: 'digits.ts', values: { preset: 'digits', ...config, seed } }]);
        const result: Result = await session.run(resolved, { out: join(folder, String(rows.length)) });
        rows.push(JSON.stringify(measure(title, result)));
      }
      writeFileSync(file, `${rows.join('\n')}\n`);
      console.error(`${rows.length - 1} of ${settings.length * seeds.length} runs: ${title}`);
    }
  } finally {
    await session.close();
    rmSync(folder, { recursive: true });
  }
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
