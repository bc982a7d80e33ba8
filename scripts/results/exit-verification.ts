/**
 * Reproduces figure 3c over ten seeds: `ts-node -T scripts/results/exit-verification.ts run FILE.jsonl [SEED...]`
 * trains the preset wine-quality, searches a path and verifies its exit, and `... report FILE.jsonl` prints the table
 * of docs/trust-tech.md. Flows are integrated over the same time as the paper's 50,000 steps of 0.01, in steps of 0.02.
 * `--quick` tries it in seconds: one seed, a quicker search, and a fiftieth of that time.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig, Session } from '../../src';
import { type ExitVerdict, verifyExit } from '../../src/verification/verify-exit';
import { readWords } from './words';

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const QUICK = { budget: { steps: 4000 }, dspTt: { rho1: { increment: 0.014 }, decideEvery: 10 } };
const INTEGRATION = { steps: 25_000, stepSize: 0.02, keep: 50 };

type Row = Omit<ExitVerdict, 'view'> & { readonly seed: number };

async function run(file: string, seeds: readonly number[], quick: boolean): Promise<void> {
  const session = await Session.start();
  const folder = mkdtempSync(join(tmpdir(), 'exits-'));
  try {
    for (const seed of seeds) {
      const path = join(folder, String(seed));
      const values = { preset: 'wine-quality', seed, ...(quick && QUICK) };
      const config = resolveConfig([{ from: 'exit-verification.ts', values }]);
      const result = await session.run(config, { out: path });
      const files = (member: string) => readFile(join(path, 'members', `${member}.safetensors`));
      const integration = quick ? { ...INTEGRATION, steps: INTEGRATION.steps / 50 } : INTEGRATION;
      const options = { path: null, each: 3, integration, projection: 'random' as const };
      const { view: _, ...check } = await verifyExit(session, { path, result, config }, files, options);
      appendFileSync(file, `${JSON.stringify({ seed, ...check })}\n`);
    }
  } finally {
    await session.close();
    rmSync(folder, { recursive: true });
  }
}

function report(file: string): void {
  const rows: Row[] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const head = [
    'seed',
    'maximum of the loss: rho1',
    'boundary of the stability region: rho1',
    'ends before',
    'ends after',
    'apart / within a side',
    'barrier',
    'different optima',
  ];
  const line = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
  line(head);
  line(head.map(() => '---'));
  for (const { seed, exit, boundary, samples, verdict } of [...rows].sort((a, b) => a.seed - b.seed)) {
    const ends = (side: string) => [
      ...new Set(samples.filter((sample) => sample.side === side).map(({ end }) => end.optimum)),
    ];
    const left = boundary && `${boundary.inside.rho1.toFixed(2)} to ${boundary.outside.rho1.toFixed(2)}`;
    line([
      seed,
      exit.rho1.toFixed(2),
      left ?? 'never left',
      ends('before').join(', '),
      ends('after').join(', '),
      `${verdict.across.toFixed(3)} / ${verdict.within.toFixed(3)}`,
      verdict.barrier.toFixed(4),
      verdict.different ? 'yes' : 'no',
    ]);
  }
}

const {
  words: [command, file, ...seeds],
  quick,
} = readWords();
const all = seeds.length > 0 ? seeds.map(Number) : SEEDS;
if (command === 'run' && file) run(file, quick ? all.slice(0, 1) : all, quick);
else if (command === 'report' && file) report(file);
else throw new Error('say: run FILE.jsonl [SEED...], or report FILE.jsonl');
