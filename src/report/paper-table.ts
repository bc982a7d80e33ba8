import { csv } from '../store/disk/csv';
import type { PaperMeasure, ReproducedRow, ReproducedTable } from '../store/reproduction';
import { PAPER_MEASURES, TABLE_MEASURES } from '../store/reproduction';
import { fixed, meanWithError, signed, steps } from './format';
import { type TextTable, withoutEmptyColumns } from './render';

const COLUMNS: Readonly<Record<PaperMeasure, { readonly name: string; readonly digits: number }>> = {
  testErrorPct: { name: 'error %', digits: 2 },
  testLoss: { name: 'loss', digits: 4 },
  outputCorrelation: { name: 'output corr.', digits: 3 },
  parameterDistance: { name: 'param. dist.', digits: 2 },
};

/** Compares our numbers with the paper's and its peers': means ± standard errors over seeds, and differences. */
export function paperTable({ rows }: ReproducedTable): TextTable {
  const head = [
    'network',
    'method',
    'models: paper',
    'models: ours',
    'budget (steps)',
    'seeds',
    'error %: paper',
    'peers',
    'error %: ours',
    'less paper',
    ...PAPER_MEASURES.slice(1).flatMap((measure) => [
      `${COLUMNS[measure].name}: paper`,
      `${COLUMNS[measure].name}: ours`,
      'less paper',
    ]),
    'barrier',
    'lowest barrier',
  ];
  return withoutEmptyColumns({ head, rows: rows.map(cells), texts: 2 });
}

function cells(row: ReproducedRow): string[] {
  const { network, label, paper, scores, failures, means } = row;
  const [error, ...others] = PAPER_MEASURES.map((measure) => triple(row, measure));
  return [
    network,
    label,
    fixed(paper?.models, 0),
    fixed(means.members?.mean, 1).replace(/\.0$/, ''),
    means.steps === null ? '-' : steps(Math.round(means.steps.mean)),
    `${scores.length}${failures.length > 0 ? ` (${failures.length} failed)` : ''}`,
    error[0],
    peersCell(row),
    ...error.slice(1),
    ...others.flat(),
    fixed(means.barrier?.mean, 4),
    fixed(means.lowestBarrier?.mean, 4),
  ];
}

/** Returns the paper's number, ours, and the difference. */
function triple({ paper, means }: ReproducedRow, measure: PaperMeasure): string[] {
  const { digits } = COLUMNS[measure];
  const [printed, own] = [paper?.values[measure] ?? null, means[measure]];
  const less = printed === null || own === null ? '-' : signed(own.mean - printed, digits);
  return [fixed(printed, digits), meanWithError(own, digits), less];
}

function peersCell({ peers }: ReproducedRow): string {
  const said = peers.map(({ source, budgets, testErrorPct, spread }) => {
    const about = spread === null ? '' : ` ± ${spread}`;
    return `${fixed(testErrorPct, 2)}${about} (${source}${budgets === 1 ? '' : `, ${budgets} budgets`})`;
  });
  return said.join('; ') || '-';
}

/** Renders one line a row with unrounded numbers: the paper's, ours and standard errors (SE). */
export function paperCsv({ rows }: ReproducedTable): string {
  const head = [
    ...['name', 'network', 'label', 'method', 'seeds', 'failed', 'paperPlace', 'paperModels'],
    ...PAPER_MEASURES.map((measure) => `paper.${measure}`),
    'peers',
    ...TABLE_MEASURES.flatMap((measure) => [measure, `${measure}SE`]),
    ...PAPER_MEASURES.map((measure) => `lessPaper.${measure}`),
  ];
  return csv(
    head,
    rows.map((row) => {
      const { name, network, label, method, scores, failures, paper, means } = row;
      const printed = (measure: PaperMeasure) => paper?.values[measure] ?? null;
      return [
        ...[name, network, label, method, scores.length, failures.length, paper?.place ?? null, paper?.models ?? null],
        ...PAPER_MEASURES.map(printed),
        peersCell(row),
        ...TABLE_MEASURES.flatMap((measure) => [means[measure]?.mean ?? null, means[measure]?.standardError ?? null]),
        ...PAPER_MEASURES.map((measure) => lessPaper(printed(measure), means[measure]?.mean ?? null)),
      ];
    }),
  );
}

function lessPaper(printed: number | null, own: number | null): number | null {
  return printed === null || own === null ? null : own - printed;
}
