import type { Row } from './row';

/** Returns the tuning's tables, one a method: validation loss and error of each setting, the chosen one in bold. */
export function tuneReport(rows: readonly Row[]): string {
  return groups(rows, ({ method }) => method)
    .map(([method, all]) => {
      const settings = groups(all, ({ title }) => title);
      const best = settings.reduce((a, b) => (loss(b[1]) < loss(a[1]) ? b : a))[0];
      const lines = settings.map(([title, runs]) => {
        const name = title === best ? `**${plain(title)}**` : plain(title);
        return [
          name,
          meanAndError(runs, ({ validationLoss }) => validationLoss, 4),
          meanAndError(runs, ({ validationErrorPct }) => validationErrorPct, 2),
        ];
      });
      return `### ${method}\n\n${table(['setting', 'validation loss', 'validation error %'], lines)}`;
    })
    .join('\n\n');
}

const REFERENCE = 'DSP-TT tier-0-1';

/** Returns the comparison's table, and that of DSP-TT's searches. */
export function compareReport(rows: readonly Row[]): string {
  const methods = groups(rows, ({ title }) => title);
  const reference = methods.find(([title]) => title === REFERENCE)?.[1] ?? [];
  const lines = methods.map(([title, runs]) => [
    title,
    String(Math.round(mean(runs.map(({ steps }) => steps)))),
    meanAndError(runs, ({ testErrorPct }) => testErrorPct, 2),
    meanAndError(runs, ({ testLoss }) => testLoss, 4),
    difference(runs, reference),
    meanAndError(runs, ({ outputCorrelation }) => outputCorrelation, 4),
    meanAndError(runs, ({ parameterDistance }) => parameterDistance, 1),
    fixed(mean(runs.flatMap(({ memberTestErrorPct }) => memberTestErrorPct)), 2),
    barriers(runs),
  ]);
  const head = [
    'method',
    'steps',
    'test error %',
    'test loss',
    `test loss less that of ${REFERENCE}, by seed`,
    'output corr.',
    'param. dist.',
    "members' test error %",
    'barrier to tier 0: mean, largest',
  ];
  const searches = methods.filter(([, runs]) => runs.some(({ exits }) => exits.length > 0));
  return `${table(head, lines)}\n\n${searches.map(([title, runs]) => mechanism(title, runs)).join('\n\n')}`;
}

function mechanism(title: string, runs: readonly Row[]): string {
  const exits = runs.flatMap((run) => run.exits);
  const range = (values: readonly number[], digits: number) =>
    `${fixed(mean(values), digits)} (${fixed(Math.min(...values), digits)} to ${fixed(Math.max(...values), digits)})`;
  return table(
    [`${title}: the search`, 'mean (smallest to largest)'],
    [
      [
        'exits a seed',
        range(
          runs.map((run) => run.exits.length),
          1,
        ),
      ],
      [
        'search steps',
        range(
          runs.map(({ searchSteps }) => searchSteps),
          0,
        ),
      ],
      [
        'rho1 at the exit',
        range(
          exits.map(({ rho1 }) => rho1),
          2,
        ),
      ],
      [
        'distance at the exit',
        range(
          exits.map(({ distance }) => distance),
          1,
        ),
      ],
      [
        'cosine at the exit',
        range(
          exits.flatMap(({ cosine }) => cosine ?? []),
          4,
        ),
      ],
      [
        'rise of the averaged loss, nats',
        range(
          exits.map(({ rise }) => rise),
          2,
        ),
      ],
      [
        'overrun, steps',
        range(
          exits.map(({ overrun }) => overrun),
          1,
        ),
      ],
    ],
  );
}

/** Returns mean and standard error of the seed-by-seed differences. */
function difference(runs: readonly Row[], reference: readonly Row[]): string {
  const other = new Map(reference.map(({ seed, testLoss }) => [seed, testLoss]));
  const pairs = runs.map((run) => ({
    ...run,
    testLoss: (run.testLoss ?? Number.NaN) - (other.get(run.seed) ?? Number.NaN),
  }));
  return runs === reference ? '' : meanAndError(pairs, ({ testLoss }) => testLoss, 4);
}

function barriers(runs: readonly Row[]): string {
  const all = runs.flatMap((run) => run.barriers);
  return all.length === 0 ? '-' : `${fixed(mean(all), 4)}, ${fixed(Math.max(...all), 4)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function groups(rows: readonly Row[], key: (row: Row) => string): [string, Row[]][] {
  const names = [...new Set(rows.map(key))];
  return names.map((name) => [name, rows.filter((row) => key(row) === name)]);
}

function plain(title: string): string {
  return title
    .replace(/"method":"[^"]*",/, '')
    .replace(/["{}]/g, '')
    .replace(/,/g, ', ');
}

function loss(runs: readonly Row[]): number {
  return mean(runs.map(({ validationLoss }) => validationLoss ?? Number.POSITIVE_INFINITY));
}

function meanAndError(runs: readonly Row[], pick: (row: Row) => number | null, digits: number): string {
  const values = runs.flatMap((run) => pick(run) ?? []);
  if (values.length === 0) return '-';
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1);
  return `${fixed(centre, digits)} ± ${fixed(Math.sqrt(variance / values.length), digits)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}
