/**
 * Tunes the reduced recipes on CIFAR-10: `ts-node -T scripts/results/cifar.ts tune DATA_DIR FILE.jsonl [METHOD...]`
 * tries each method's grid on validation data (seed 100) with a ResNet-20, and `... report FILE.jsonl...` prints it as
 * Markdown. docs/results/tuning.md is its output. `--quick` tries it in seconds: a few steps of the first setting of
 * each grid, on the excerpt that the worker has built in instead of DATA_DIR.
 */
import { readFileSync } from 'node:fs';
import type { ConfigInput } from '../../src';
import { presetAtScale, SMOKE } from '../../src/config/presets/scales';
import { GRIDS } from './cifar-grids';
import { tuneReport } from './digits-report';
import type { Row } from './row';
import { runAll } from './run-all';
import { readWords, type Words } from './words';

const SEEDS = [100];
const EXCERPT: ConfigInput = {
  dataset: { name: 'cifar10-sample', args: { train: 64, validation: 16, test: 16, side: 16 } },
  batchSize: 8,
};

async function tune(dir: string, file: string, methods: readonly string[], quick: boolean): Promise<void> {
  const grids = Object.entries(GRIDS).filter(([method]) => methods.length === 0 || methods.includes(method));
  const settings = grids.flatMap(([method, grid]) =>
    (quick ? grid.slice(0, 1) : grid).map((values) => ({
      title: JSON.stringify(values),
      config: { method: method.split(',')[0], ...values },
    })),
  );
  const base = presetAtScale('cifar10-resnet164', 'reduced');
  if (quick) await runAll(file, { ...base, ...EXCERPT }, settings, SEEDS, SMOKE);
  else await runAll(file, { ...base, dataset: { dir } }, settings, SEEDS);
}

function read(file: string): Row[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

async function main({ words: [command, ...args], quick }: Words): Promise<void> {
  if (command === 'tune') await tune(args[0], args[1], args.slice(2), quick);
  else if (command === 'report') console.log(tuneReport(args.flatMap(read)));
  else throw new Error(`tune or report, got '${command}'`);
}

main(readWords()).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
