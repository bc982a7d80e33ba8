/**
 * Measures the settings that fit a search to its budget (src/trust-tech/auto.ts): each task of auto/tasks.ts at each budget and
 * seed, at the defaults, and the same search without a displacement, which must find no exit. `ts-node -T
 * scripts/results/auto.ts FILE.jsonl TABLES MNIST [--budgets 300,1000,3000] [--seeds 0,1,2] [--only TEXT] [--set JSON]`
 * writes a row a run and prints the table of docs/results/auto.md; `--presets` runs the presets, tuned and with `auto`.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ConfigInput, type Result, resolveConfig, Session } from '../../src';
import { presets, tasks } from './auto/tasks';

interface Cell {
  readonly task: string;
  readonly budget: number;
  readonly seed: number;
  readonly isControl: boolean;
}

interface Row extends Cell {
  readonly exits: number;
  readonly paths: number;
  readonly tier0: number | null;
  readonly result: number | null;
  readonly memberErrors: readonly (number | null)[];
  readonly notices: readonly string[];
}

/** The search without a displacement: what it takes for an exit is the noise of batches. */
const CONTROL: ConfigInput = { dspTt: { rho1: { start: 1e-9, max: 1e-9 }, rho2TimesLr: 0 } };

function rowOf(cell: Cell, { members, ensembles, result: name, notices = [] }: Result): Row {
  const found = members.filter(({ tier }) => tier === 1);
  const [tier0] = members;
  const ensemble = ensembles.find((one) => one.name === name);
  return {
    ...cell,
    exits: found.filter(({ exit }) => exit !== null).length,
    paths: found.length,
    tier0: tier0.testErrorPct ?? tier0.testLoss,
    result: ensemble?.testErrorPct ?? ensemble?.testLoss ?? null,
    memberErrors: found.map(({ testErrorPct, testLoss }) => testErrorPct ?? testLoss),
    notices,
  };
}

function tableOf(rows: readonly Row[]): string {
  const groups = [...new Set(rows.map(({ task, budget }) => `${task}\t${budget}`))];
  const lines = groups.map((group) => {
    const [task, budget] = group.split('\t');
    const own = rows.filter((row) => row.task === task && String(row.budget) === budget);
    const [real, control] = [own.filter(({ isControl }) => !isControl), own.filter(({ isControl }) => isControl)];
    const list = (values: readonly (number | null)[]) => values.map((value) => value?.toFixed(2) ?? '-').join(' ');
    const cells = [
      real.map(({ exits }) => exits).join(' '),
      control.map(({ exits }) => exits).join(' '),
      list(real.map(({ tier0 }) => tier0)),
      list(real.map(({ result }) => result)),
    ];
    return `| ${task} | ${budget} | ${cells.join(' | ')} |`;
  });
  const head = '| task | budget | exits of 5 | without displacement | tier 0 | result |\n|---|---|---|---|---|---|';
  return [head, ...lines].join('\n');
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { budgets: text, seeds: text, only: text, set: text, control: flag, presets: flag } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [file, tables, mnist] = positionals;
  const numbers = (text: string) => text.split(',').map(Number);
  const extra: ConfigInput = JSON.parse(values.set ?? '{}');
  const folder = mkdtempSync(join(tmpdir(), 'auto-'));
  const rows: Row[] = [];
  writeFileSync(file, '');
  const session = await Session.start();
  try {
    const known = values.presets ? presets() : tasks(tables, mnist);
    const chosen = Object.entries(known).filter(([task]) => task.includes(values.only ?? ''));
    const cells = numbers(values.budgets ?? '300,1000,3000').flatMap((budget) =>
      chosen.flatMap(([task, config]) =>
        numbers(values.seeds ?? '0,1,2').flatMap((seed) =>
          (values.control ? [false, true] : [false]).map((isControl) => ({ task, config, budget, seed, isControl })),
        ),
      ),
    );
    for (const { config, ...cell } of cells) {
      const size: ConfigInput = { budget: { steps: cell.budget }, seed: cell.seed, threads: 1, barrierPoints: 3 };
      const layers = [config, size, extra, cell.isControl ? CONTROL : {}];
      const resolved = resolveConfig(layers.map((layer) => ({ from: cell.task, values: layer })));
      const row = rowOf(cell, await session.run(resolved, { out: join(folder, String(rows.length)) }));
      rows.push(row);
      appendFileSync(file, `${JSON.stringify(row)}\n`);
    }
    console.log(tableOf(rows));
  } finally {
    await session.close();
    rmSync(folder, { recursive: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
