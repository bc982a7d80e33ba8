/**
 * Counts the random starts from which all minima of closed-form objectives are found, and the cost: `ts-node -T
 * scripts/results/closed-forms.ts` prints the table of docs/trust-tech.md as Markdown (seeds 0 to 19, no Python; one
 * seed with `--quick`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnalyticConfigInput, type OptimaResult, resolveAnalytic, runAnalytic } from '../../src';
import { readWords } from './words';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const PRESETS = ['six-hump-camel', 'himmelblau', 'rastrigin', 'styblinski-tang'];
const DIRECTIONS = ['coordinate', 'hessian', 'random', 'dynamic'] as const;

interface Setting {
  readonly title: string;
  readonly values: AnalyticConfigInput;
}

const TABLE: readonly Setting[] = PRESETS.flatMap((preset) =>
  DIRECTIONS.map((direction) => ({ title: `${preset}, ${direction}`, values: { preset, search: { direction } } })),
);
const MORE: readonly Setting[] = [
  {
    title: 'styblinski-tang, random, 8 paths',
    values: { preset: 'styblinski-tang', search: { direction: 'random', paths: 8 } },
  },
  ...[
    { preset: 'rastrigin', rho2: 5e-4 },
    { preset: 'styblinski-tang', rho2: 2e-3 },
  ].map(({ preset, rho2 }) => ({
    title: `${preset}, dynamic, 8 paths, ten times rho2`,
    values: { preset, search: { direction: 'dynamic' as const, paths: 8, rho2 } },
  })),
  { title: 'rosenbrock, Levenberg-Marquardt, mu 1', values: { preset: 'rosenbrock' } },
  { title: 'rosenbrock, Levenberg-Marquardt, mu 0.01', values: { preset: 'rosenbrock', flow: { mu: 0.01 } } },
];

async function main(seeds: readonly number[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'closed-'));
  const line = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
  const head = ['objective, directions', 'starts with all minima', 'evaluations', 'of the gradient', 'optima found'];
  try {
    line(head);
    line(head.map(() => '---'));
    for (const { title, values } of [...TABLE, ...MORE]) {
      const results: OptimaResult[] = [];
      for (const seed of seeds) {
        const config = resolveAnalytic([{ from: 'closed-forms.ts', values: { ...values, seed } }]);
        results.push(await runAnalytic(config, { out: join(folder, `${title}-${seed}`) }));
      }
      line([title, ...cellsOf(results)]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cellsOf(results: readonly OptimaResult[]): (string | number)[] {
  const mean = (value: (result: OptimaResult) => number) =>
    Math.round(results.reduce((sum, result) => sum + value(result), 0) / results.length).toLocaleString('en-US');
  const found = results.map(({ known }) => known.found);
  return [
    `${results.filter(({ known }) => known.found === known.minima).length} of ${results.length}`,
    mean(({ evaluations }) => evaluations.objective),
    mean(({ evaluations }) => evaluations.gradient),
    `${Math.min(...found)} to ${Math.max(...found)} of ${results[0].known.minima}`,
  ];
}

main(readWords().quick ? SEEDS.slice(0, 1) : SEEDS);
