/**
 * The tuning of the reduced recipes on CIFAR-10: `ts-node -T scripts/results/cifar.ts tune DATA_DIR FILE.jsonl [METHOD...]`
 * tries each method's grid on validation data (seed 100) with a ResNet-20, and `... report FILE.jsonl...` prints it as
 * Markdown. docs/results/tuning.md is what it printed.
 */
import { readFileSync } from 'node:fs';
import { presetAtScale } from '../../src/config/presets/scales';
import { GRIDS } from './cifar-grids';
import { tuneReport } from './digits-report';
import type { Row } from './row';
import { runAll } from './run-all';

const SEEDS = [100];

async function tune(dir: string, file: string, methods: readonly string[]): Promise<void> {
  const grids = Object.entries(GRIDS).filter(([method]) => methods.length === 0 || methods.includes(method));
  const settings = grids.flatMap(([method, grid]) =>
    grid.map((values) => ({ title: JSON.stringify(values), config: { method: method.split(',')[0], ...values } })),
  );
  await runAll(file, { ...presetAtScale('cifar10-resnet164', 'reduced'), dataset: { dir } }, settings, SEEDS);
}

function read(file: string): Row[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === 'tune') await tune(args[0], args[1], args.slice(2));
  else if (command === 'report') console.log(tuneReport(args.flatMap(read)));
  else throw new Error(`tune or report, got '${command}'`);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
