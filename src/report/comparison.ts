import { meanAndError, PAIRS_FOR_P } from '../comparison/statistics';
import {
  CONTRASTED,
  type ComparedAnswers,
  type Comparison,
  type ComparisonRow,
  type Contrast,
  type Contrasted,
  MEASURES,
} from '../store/comparison';
import { csv } from '../store/disk/csv';
import { classScoresSchema } from '../store/result';
import { duration, fixed, interval, meanWithError, probability, signed, steps } from './format';
import { markdownTable, type TextTable, terminalTable, withoutEmptyColumns } from './render';
import { wrapped } from './wrap';

/** Formats that a report can be printed in. */
export const FORMATS = ['terminal', 'csv', 'markdown', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Renders a comparison as text; ends with a newline. */
export function comparisonReport(comparison: Comparison, format: Format): string {
  if (format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  if (format === 'csv') return comparisonCsv(comparison);
  const isTerminal = format === 'terminal';
  const table = (given: TextTable) => (isTerminal ? terminalTable(given) : markdownTable(given));
  const words = (text: string) => (isTerminal ? wrapped(text) : text);
  const { rows } = comparison;
  const parts = [table(comparisonTable(rows)), ...rowWords(rows).map(words)];
  const { answers = [] } = comparison;
  if (comparison.contrasts.length > 0) parts.push(table(contrastTable(comparison)), words(contrastWords(comparison)));
  if (answers.length > 0) parts.push(table(answersTable(answers)), words(ANSWERS));
  return `${[...parts, ...failureWords(rows).map(words)].join('\n\n')}\n`;
}

/** Returns notes on the rows: unequal budgets, and the meaning of the deep-ensemble equivalent. */
export function rowWords(rows: readonly ComparisonRow[]): string[] {
  return [...budgetWords(rows), ...equivalentWords(rows)];
}

/** Lists ensembles with their scores and budgets: means ± standard errors over seeds. */
export function comparisonTable(rows: readonly ComparisonRow[]): TextTable {
  const head = [
    'method',
    'seeds',
    'members',
    'budget (steps)',
    'test error %',
    'test RMSE',
    'test loss',
    'calib. loss',
    'ECE %',
    'output corr.',
    'param. dist.',
    'deep ens. equiv.',
    'time',
  ];
  return withoutEmptyColumns({ head, rows: rows.map(cells), texts: 1 });
}

function cells({ title, scores, failures, means, deepEnsembleEquivalent: equivalent }: ComparisonRow): string[] {
  const failed = failures.length > 0 ? ` (${failures.length} failed)` : '';
  return [
    title,
    `${scores.length}${failed}`,
    fixed(means.members?.mean, 1).replace(/\.0$/, ''),
    means.steps === null ? '-' : steps(Math.round(means.steps.mean)),
    meanWithError(means.testErrorPct, 2),
    meanWithError(means.testRmse, 4),
    meanWithError(means.testLoss, 4),
    meanWithError(means.calibratedTestLoss, 4),
    meanWithError(means.ecePct, 2),
    meanWithError(means.outputCorrelation, 4),
    meanWithError(means.parameterDistance, 2),
    equivalent === null ? '-' : `${SIGNS[equivalent.relation]}${fixed(equivalent.networks, 1)}`,
    means.seconds === null ? '-' : duration(means.seconds.mean),
  ];
}

const SIGNS = { equal: '', fewer: '<', more: '>' } as const;

const NAMES: Readonly<Record<Contrasted, { readonly name: string; readonly digits: number }>> = {
  testErrorPct: { name: 'test error %', digits: 2 },
  testRmse: { name: 'test RMSE', digits: 4 },
  testLoss: { name: 'test loss', digits: 4 },
  calibratedTestLoss: { name: 'calibrated loss', digits: 4 },
};

/** Lists the differences between each row and the baseline. */
export function contrastTable({ rows, contrasts, baseline }: Comparison): TextTable {
  const titles = new Map(rows.map(({ name, title }) => [name, title]));
  const head = [
    `less ${titles.get(baseline ?? '') ?? '-'}`,
    'in',
    'difference',
    '95 % interval',
    'n',
    'p',
    'p (Holm)',
    '95 % bootstrap',
  ];
  const body = contrasts.map(({ row, measure, mean, n, p, holmP, ...intervals }) => {
    const { name, digits } = NAMES[measure];
    return [
      titles.get(row) ?? row,
      name,
      signed(mean, digits),
      interval(intervals.interval, digits),
      String(n),
      probability(p),
      probability(holmP),
      interval(intervals.bootstrap, digits),
    ];
  });
  return { head, rows: body, texts: 2 };
}

/** Explains how to read the contrasts. */
export function contrastWords({ contrasts }: Comparison): string {
  const tested = contrasts.some(({ p }) => p !== null);
  const p = tested
    ? 'p: two-sided paired t-test, alone and adjusted by Holm over the rows of one measure.'
    : `p values are given from ${PAIRS_FOR_P} seeds on.`;
  const bootstrap = contrasts.some((one) => one.bootstrap !== null)
    ? ' Bootstrap: over test samples, differences averaged over seeds first; it says nothing of other seeds.'
    : '';
  return `Differences are paired by seed, below 0 where the row is better; 95 % t interval over n seeds. ${p}${bootstrap}`;
}

/** Lists how differently the members of each method answer. */
export function answersTable(answers: readonly ComparedAnswers[]): TextTable {
  return {
    head: ['answers of', 'accuracy %', 'otherwise %', 'over errors', 'independent'],
    rows: answers.map(({ title, accuracyPct, disagreementPct, normalised, independent }) => [
      title,
      meanWithError(accuracyPct, 2),
      meanWithError(disagreementPct, 2),
      meanWithError(normalised, 2),
      fixed(independent?.mean, 2),
    ]),
    texts: 1,
  };
}

/** Explains the table of answers. */
export const ANSWERS =
  "Each method's members beside the first of them, on average: samples answered otherwise, over the share of wrong " +
  'answers, and what that would be if errors knew nothing of each other (Fort 2020).';

/** Relative difference above which budgets count as unequal. */
const EQUAL = 0.01;

function budgetWords(rows: readonly ComparisonRow[]): string[] {
  const budgets = rows.flatMap(({ means }) => means.steps?.mean ?? []);
  const [least, most] = [Math.min(...budgets), Math.max(...budgets)];
  if (budgets.length === 0 || most <= (1 + EQUAL) * least) return [];
  return [`The budgets differ: from ${steps(Math.round(least))} to ${steps(Math.round(most))} steps.`];
}

function equivalentWords(rows: readonly ComparisonRow[]): string[] {
  if (rows.every(({ deepEnsembleEquivalent }) => deepEnsembleEquivalent === null)) return [];
  return ['deep ens. equiv.: so many independent networks, of those compared here, have the same calibrated loss.'];
}

function failureWords(rows: readonly ComparisonRow[]): string[] {
  const failures = new Set(
    rows.flatMap(({ method, failures }) =>
      failures.map(({ seed, message }) => `${method} (seed ${seed}) failed: ${message}`),
    ),
  );
  return failures.size > 0 ? [[...failures].join('\n')] : [];
}

const CLASS_SCORES = classScoresSchema.keyof().options;

const CONTRAST_COLUMNS = ['', 'Low', 'High', 'N', 'P', 'HolmP', 'BootstrapLow', 'BootstrapHigh'];

/** Renders one line a row with unrounded numbers: means, standard errors (SE), differences from the baseline. */
function comparisonCsv({ rows, contrasts }: Comparison): string {
  const head = [
    ...['name', 'method', 'ensemble', 'title', 'seeds', 'failed'],
    ...MEASURES.flatMap((measure) => [measure, `${measure}SE`]),
    ...['deepEnsembleEquivalent', 'deepEnsembleRelation'],
    ...CONTRASTED.flatMap((measure) => CONTRAST_COLUMNS.map((column) => `${measure}Difference${column}`)),
    ...CLASS_SCORES.flatMap((name) => [name, `${name}SE`]),
  ];
  const body = rows.map((row) => {
    const { name, method, ensemble, title, scores, failures, means, deepEnsembleEquivalent: equivalent } = row;
    return [
      ...[name, method, ensemble, title, scores.length, failures.length],
      ...MEASURES.flatMap((measure) => [means[measure]?.mean ?? null, means[measure]?.standardError ?? null]),
      ...[equivalent?.networks ?? null, equivalent?.relation ?? null],
      ...CONTRASTED.flatMap((measure) =>
        contrastCells(contrasts.find((one) => one.row === name && one.measure === measure)),
      ),
      ...CLASS_SCORES.flatMap((measure) => {
        const over = meanAndError(scores.map(({ classScores }) => classScores?.[measure] ?? null));
        return [over?.mean ?? null, over?.standardError ?? null];
      }),
    ];
  });
  return csv(head, body);
}

function contrastCells(contrast: Contrast | undefined): (number | null)[] {
  if (contrast === undefined) return CONTRAST_COLUMNS.map(() => null);
  const { mean, n, p, holmP } = contrast;
  const [low, high] = contrast.interval ?? [null, null];
  const [bootstrapLow, bootstrapHigh] = contrast.bootstrap ?? [null, null];
  return [mean, low, high, n, p, holmP, bootstrapLow, bootstrapHigh];
}
