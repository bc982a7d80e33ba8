import { join } from 'node:path';
import { meanAndError, meanOf } from '../comparison/statistics';
import { resolveConfig } from '../config/resolve';
import type { ConfigInput } from '../config/schema';
import { fixed, meanWithError } from '../report/format';
import { markdownTable, type TextTable, terminalTable } from '../report/render';
import { csv } from '../store/disk/csv';
import { type EnsembleResult, type Result, resultEnsemble } from '../store/result';
import type { Claim, ReproduceRequest, Reproduction } from './reproduction';
import { type Cifar, TABLE_1 } from './tables';

/** Row of table 1: the paper's numbers, and ours, one entry for each seed. */
export interface Row {
  readonly name: string;
  readonly paper: (typeof TABLE_1)[number];
  readonly errorPct: readonly (number | null)[];
  readonly loss: readonly (number | null)[];
}

const SEEDS = [0, 1, 2, 3, 4];

/** Table 1: the ensembles of tiers 0, 1 and 2. */
export const table1: Reproduction = {
  name: 'table1',
  shows: 'error and loss of the ensembles Tier-1, Tier-1-tune, Tier-0-1 and Tier-0-1-2',
  datasets: ['digits'],
  takes: ['seeds', 'quick'],
  scale: null,
  resumes: false,
  make: async (request) => {
    const rows = rowsOf(await runAll(request));
    return {
      figures: [],
      files: { 'table1.csv': csvTable(rows), 'table1.md': `${markdownTable(text(rows))}\n` },
      table: terminalTable(text(rows)),
      claims: claimsOf(rows),
    };
  },
};

/**
 * Runs DSP-TT with two tiers and fine-tuned copies of the first, and the baseline: one network for the whole budget.
 */
async function runAll({ seeds, quick, session, out, signal, onPart }: ReproduceRequest): Promise<Result[]> {
  const worker = await session();
  const results: Result[] = [];
  for (const seed of seeds ?? (quick ? [0] : SEEDS)) {
    for (const method of ['single', 'dsp-tt']) {
      const config = resolveConfig([
        { from: 'dsptt reproduce', values: SETTINGS },
        { from: 'dsptt reproduce', values: { ...(quick && QUICK), method, seed } },
      ]);
      results.push(
        await worker.run(config, {
          out: join(out, 'runs', `${method}-${seed}`),
          signal,
          onEvent: onPart(`${method} (seed ${seed})`),
        }),
      );
    }
  }
  return results;
}

/** Two tiers need twice the preset's steps for one; the paper's fine-tuning is 10 epochs. */
const SETTINGS: ConfigInput = {
  preset: 'digits',
  budget: { steps: 3000 },
  dspTt: { tiers: [5, 5], fineTune: { epochs: 10 } },
};
const QUICK: ConfigInput = {
  budget: { steps: 1200 },
  dspTt: { tiers: [2, 2], rho1: { increment: 0.02 }, fineTune: { epochs: 1 } },
};

/**
 * Builds the table's rows from the results of `single` and of `dsp-tt`; an ensemble that a run lacks counts as not
 * measured.
 */
export function rowsOf(results: readonly Result[]): Row[] {
  return TABLE_1.map((paper) => {
    const ensembles = paper.name === 'Baseline' ? baselines(results) : tiers(results, paper.name.toLowerCase());
    const errorPct = ensembles.map((ensemble) => ensemble?.testErrorPct ?? null);
    return { name: paper.name, paper, errorPct, loss: ensembles.map((ensemble) => ensemble?.testLoss ?? null) };
  });
}

function baselines(results: readonly Result[]): EnsembleResult[] {
  return results.filter(({ method }) => method === 'single').map(resultEnsemble);
}

function tiers(results: readonly Result[], name: string): (EnsembleResult | undefined)[] {
  return results
    .filter(({ method }) => method === 'dsp-tt')
    .map(({ ensembles }) => ensembles.find((ensemble) => ensemble.name === name && ensemble.members.length > 0));
}

function text(rows: readonly Row[]): TextTable {
  const head = ['', 'error %', 'loss', 'paper: error %, C10', 'loss, C10', 'error %, C100', 'loss, C100'];
  const pair = (value: Cifar, split: keyof Cifar, digits: number) => fixed(value[split], digits);
  const cells = rows.map(({ name, paper, errorPct, loss }) => [
    name,
    meanWithError(meanAndError(errorPct), 2),
    meanWithError(meanAndError(loss), 4),
    ...(['cifar10', 'cifar100'] as const).flatMap((split) => [
      pair(paper.errorPct, split, 2),
      pair(paper.loss, split, 4),
    ]),
  ]);
  return { head, rows: cells, texts: 1 };
}

function csvTable(rows: readonly Row[]): string {
  const ours = ['errorPct', 'errorPctStandardError', 'loss', 'lossStandardError', 'seeds'];
  const head = [
    'ensemble',
    ...ours,
    'paperErrorPctCifar10',
    'paperLossCifar10',
    'paperErrorPctCifar100',
    'paperLossCifar100',
  ];
  return csv(
    head,
    rows.map(({ name, paper, errorPct, loss }) => {
      const [error, nats] = [meanAndError(errorPct), meanAndError(loss)];
      const summary = [error?.mean, error?.standardError, nats?.mean, nats?.standardError].map(
        (value) => value ?? null,
      );
      const papers = (['cifar10', 'cifar100'] as const).flatMap((split) => [paper.errorPct[split], paper.loss[split]]);
      return [name, ...summary, error?.n ?? 0, ...papers];
    }),
  );
}

/** Checks the claims of section 5.2 about table 1. */
export function claimsOf(rows: readonly Row[]): Claim[] {
  const mean = (name: string, key: 'errorPct' | 'loss') => {
    const found = rows.find((row) => row.name === name)?.[key].filter((value) => value !== null) ?? [];
    return meanOf(found);
  };
  const below = (claim: string, key: 'errorPct' | 'loss', lower: string, higher: string): Claim => {
    const [a, b] = [mean(lower, key), mean(higher, key)];
    const words = key === 'loss' ? (['loss', 4, 'nats'] as const) : (['error', 2, '%'] as const);
    const seen = `${lower} has ${words[0]} ${fixed(a, words[1])} ${words[2]}, ${higher} ${fixed(b, words[1])}`;
    return { claim, seen, holds: a < b };
  };
  const tuned = Math.abs(mean('Tier-1-tune', 'errorPct') - mean('Tier-1', 'errorPct'));
  return [
    below('every ensemble outperforms the baseline', 'errorPct', worst(rows, mean), 'Baseline'),
    below('tier 0 improves the ensemble of tier 1', 'loss', 'Tier-0-1', 'Tier-1'),
    below('tier 2 lowers the loss further', 'loss', 'Tier-0-1-2', 'Tier-0-1'),
    {
      claim: 'fine-tuning does not help the ensemble much',
      seen: `fine-tuning changes the error of Tier-1 by ${fixed(tuned, 2)} points`,
      holds: tuned <= LITTLE * mean('Tier-1', 'errorPct'),
    },
  ];
}

/** Limit of "not much": a tenth of the error. */
const LITTLE = 0.1;

function worst(rows: readonly Row[], mean: (name: string, key: 'errorPct') => number): string {
  const names = rows.map(({ name }) => name).filter((name) => name !== 'Baseline');
  return names.reduce((a, b) => (mean(b, 'errorPct') > mean(a, 'errorPct') ? b : a));
}
