import { type MeanAndError, meanAndError, meanOf } from '../comparison/statistics';
import { csv } from '../store/disk/csv';
import type { Sweep, SweepRow } from '../store/sweep';
import type { Format } from './comparison';
import { meanWithError, steps } from './format';
import { markdownTable, type TextTable, terminalTable } from './render';

/** Renders a sweep as text; ends with a newline. */
export function sweepReport(sweep: Sweep, format: Format): string {
  if (format === 'json') return `${JSON.stringify(sweep, null, 2)}\n`;
  if (format === 'csv') return sweepCsv(sweep.rows);
  const table = format === 'markdown' ? markdownTable : terminalTable;
  return `${table(sweepTable(sweep.rows))}\n`;
}

/** Lists one line a cell of the grid: total exits, and means over paths ± standard errors over seeds. */
function sweepTable(rows: readonly SweepRow[]): TextTable {
  const head = [
    'rho1 increment',
    'rho2 / lr',
    'exits',
    'iterations to exit',
    'rho1 at exit',
    'distance at exit',
    'cosine at exit',
    'search steps',
  ];
  const cells = [...new Set(rows.map(cellOf))];
  const body = cells.map((cell) => {
    const own = rows.filter((row) => cellOf(row) === cell);
    const sum = (pick: (row: SweepRow) => number) => own.reduce((total, row) => total + pick(row), 0);
    const mean = (pick: (row: SweepRow) => number | null): MeanAndError | null => meanAndError(own.map(pick));
    const diverged = sum((row) => row.diverged);
    return [
      String(own[0].rho1Increment),
      String(own[0].rho2TimesLr),
      `${sum(({ exits }) => exits)} of ${sum(({ paths }) => paths)}${diverged > 0 ? ` (${diverged} diverged)` : ''}`,
      meanWithError(
        mean(({ iterations }) => iterations),
        0,
      ),
      meanWithError(
        mean(({ rho1AtExit }) => rho1AtExit),
        3,
      ),
      meanWithError(
        mean(({ distanceAtExit }) => distanceAtExit),
        2,
      ),
      meanWithError(
        mean(({ cosineAtExit }) => cosineAtExit),
        3,
      ),
      steps(Math.round(meanOf(own.map(({ searchSteps }) => searchSteps)))),
    ];
  });
  return { head, rows: body, texts: 0 };
}

function cellOf({ rho1Increment, rho2TimesLr }: SweepRow): string {
  return `${rho1Increment}/${rho2TimesLr}`;
}

const COLUMNS = [
  'rho1Increment',
  'rho2TimesLr',
  'seed',
  'paths',
  'exits',
  'diverged',
  'searchSteps',
  'iterations',
  'rho1AtExit',
  'distanceAtExit',
  'cosineAtExit',
] as const satisfies readonly (keyof SweepRow)[];

/** Renders one line a cell and seed with unrounded numbers. */
function sweepCsv(rows: readonly SweepRow[]): string {
  return csv(
    COLUMNS,
    rows.map((row) => COLUMNS.map((column) => row[column])),
  );
}
