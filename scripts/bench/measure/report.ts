import { z } from 'zod';
import { fixed } from '../../../src/report/format';
import { markdownTable, type TextTable, terminalTable } from '../../../src/report/render';
import { type Row, rowSchema } from '../bench';
import { environmentSchema } from './environment';
import { FEWEST_PAIRS } from './pairs';

/** Results of a run of benches. */
export const reportSchema = z.strictObject({
  schema: z.literal(1),
  command: z.string(),
  quick: z.boolean(),
  environment: environmentSchema,
  rows: z.array(rowSchema),
  /** Benches that could not be run, and why. */
  failures: z.array(z.strictObject({ bench: z.string(), message: z.string() })),
  seconds: z.number(),
});
export type Report = z.infer<typeof reportSchema>;

export function terminalReport(report: Report): string {
  return `${title(report)}\n${terminalTable(tableOf(report.rows))}\n${report.failures.map(failed).join('')}${NOTE}`;
}

export function markdownReport(report: Report): string {
  const failures = report.failures.map((failure) => `\n${failed(failure)}`).join('');
  return `${title(report)}\n\n${markdownTable(tableOf(report.rows))}\n${failures}\n${NOTE}\n`;
}

const NOTE =
  `A target is missed only where the 95 % interval lies wholly beyond it. Of fewer than ${FEWEST_PAIRS} pairs there is none: ` +
  'their range is shown, and nothing counts as missed.';

function title({ command, quick, environment, seconds }: Report): string {
  const { machine, versions, device, torchThreads, date, commit } = environment;
  const what = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const where = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`;
  return (
    `\`${command}\`${quick ? ' (quick)' : ''}, ${date}, commit ${commit ?? 'unknown'}: ${where}; ${what.join(', ')}; ` +
    `device ${device}, torch threads ${torchThreads} on both sides; ${Math.round(seconds)} s in all.`
  );
}

function tableOf(rows: readonly Row[]): TextTable {
  return {
    head: ['bench', 'beside it', 'ratio', '95 % interval', 'target', 'met', 'pairs'],
    rows: rows.map(({ name, ratio, low, high, target, met, pairs, absolute }) => [
      name,
      Object.entries(absolute)
        .map(([what, value]) => `${what} ${typeof value === 'number' ? short(value) : value}`)
        .join(';\n'),
      fixed(ratio, 3),
      `${fixed(low, 3)} to ${fixed(high, 3)}`,
      target ?? '-',
      met === null ? '-' : met ? 'yes' : 'NO',
      String(pairs),
    ]),
    texts: 2,
  };
}

/** Returns the rows alone, for a terminal. */
export function rowsTable(rows: readonly Row[]): string {
  return terminalTable(tableOf(rows));
}

/** Returns a number with four significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function failed({ bench, message }: Report['failures'][number]): string {
  return `${bench} could not be run: ${message}\n`;
}

/** Parses a report. @throws ZodError if it is not a report @throws SyntaxError if it is not JSON */
export function parseReport(text: string): Report {
  return reportSchema.parse(JSON.parse(text));
}
