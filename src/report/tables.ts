import Table from 'cli-table3';
import { METHODS } from '../methods';
import { type EnsembleResult, type MemberResult, type Result, resultEnsemble } from '../store/result';
import { duration, fixed, steps } from './format';

/** One line of a comparison: an ensemble of one or several runs that differ in their seed alone. */
export interface Row {
  readonly title: string;
  readonly ensembles: readonly EnsembleResult[];
  /** Gradient evaluations that it cost, and seconds where they were measured for it alone. */
  readonly steps: number;
  readonly seconds: number | null;
}

/** The rows of results, one a method in the order of its first result, each with that method's own ensemble. */
export function resultRows(results: readonly Result[]): Row[] {
  const methods = [...new Set(results.map(({ method }) => method))];
  return methods.map((method) => {
    const runs = results.filter((result) => result.method === method);
    return {
      title: `${METHODS[method]?.title ?? method}${note(runs[0])}`,
      ensembles: runs.map(resultEnsemble),
      steps: mean(runs.map(({ budget }) => budget.steps)),
      seconds: mean(runs.map(({ timings }) => timings.wallSeconds)),
    };
  });
}

function note({ method, result, members }: Result): string {
  const given = members.some(({ state }) => state === 'given') ? ', tier 0 given' : '';
  return (method === 'dsp-tt' ? ` ${result}` : '') + given;
}

/** Methods side by side: what each found, at which budget; mean +- standard error where there are several seeds. */
export function comparisonTable(rows: readonly Row[]): string {
  const head = [
    'method',
    'members',
    'budget (steps)',
    'test error %',
    'test loss',
    'output corr.',
    'param. dist.',
    'time',
  ];
  const table = new Table({ head, ...layout(head.length, 1) });
  for (const row of rows) {
    const cell = (key: 'testErrorPct' | 'testLoss' | 'outputCorrelation' | 'parameterDistance', digits: number) =>
      meanAndError(
        row.ensembles.flatMap((ensemble) => ensemble[key] ?? []),
        digits,
      );
    table.push([
      row.title,
      fixed(mean(row.ensembles.map(({ members }) => members.length)), 1).replace(/\.0$/, ''),
      steps(Math.round(row.steps)),
      cell('testErrorPct', 2),
      cell('testLoss', 4),
      cell('outputCorrelation', 4),
      cell('parameterDistance', 2),
      row.seconds === null ? '-' : duration(row.seconds),
    ]);
  }
  return table.toString();
}

/** A run's networks: where each came from, and what it is worth alone. */
export function membersTable({ members }: Result): string {
  const head = [
    'network',
    'from',
    'state',
    'exit at step',
    'rho1',
    'distance',
    'cosine',
    'barrier',
    'test error %',
    'test loss',
  ];
  const table = new Table({ head, ...layout(head.length, 3) });
  for (const member of members) table.push(memberCells(member));
  return table.toString();
}

function memberCells({ name, parent, state, divergedAt, exit, barrierToParent, testErrorPct, testLoss }: MemberResult) {
  return [
    name,
    parent ?? '-',
    divergedAt === null ? state : `${state} at step ${divergedAt}`,
    exit ? exit.step : '-',
    fixed(exit?.rho1, 2),
    fixed(exit?.distance, 2),
    fixed(exit?.cosine, 3),
    fixed(barrierToParent, 4),
    fixed(testErrorPct, 2),
    fixed(testLoss, 4),
  ];
}

/** A run's ensembles; the method's own is marked. */
export function ensemblesTable({ ensembles, result }: Result): string {
  const head = ['ensemble', 'members', 'test error %', 'test loss', 'Brier', 'ECE %', 'output corr.', 'param. dist.'];
  const table = new Table({ head, ...layout(head.length, 1) });
  for (const {
    name,
    members,
    testErrorPct,
    testLoss,
    brier,
    ecePct,
    outputCorrelation,
    parameterDistance,
  } of ensembles) {
    table.push([
      name === result ? `${name} (the result)` : name,
      members.length,
      fixed(testErrorPct, 2),
      fixed(testLoss, 4),
      fixed(brier, 4),
      fixed(ecePct, 2),
      fixed(outputCorrelation, 4),
      fixed(parameterDistance, 2),
    ]);
  }
  return table.toString();
}

function layout(columns: number, texts: number) {
  const colAligns = Array.from({ length: columns }, (_, k) => (k < texts ? ('left' as const) : ('right' as const)));
  return { colAligns, style: { head: [], border: [], compact: true } };
}

function meanAndError(values: readonly number[], digits: number): string {
  if (values.length === 0) return '-';
  const centre = mean(values);
  if (values.length === 1) return fixed(centre, digits);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return `${fixed(centre, digits)} +- ${fixed(Math.sqrt(variance / values.length), digits)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
